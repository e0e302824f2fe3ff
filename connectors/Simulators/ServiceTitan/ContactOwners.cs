namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Whose contact lines are meant: what differs between those of customers and those of locations.</summary>
/// <param name="Path">The owners' segment of the path.</param>
/// <param name="Word">An owner in the vendor's messages.</param>
/// <param name="IdName">The owner's id in a line.</param>
/// <param name="Bounds">Parameters one of which must be given where no owners are.</param>
/// <param name="Needed">What is said when none is.</param>
/// <param name="Table">The lines.</param>
/// <param name="Visible">The owner as reads see it.</param>
/// <param name="Existing">The owner as writes see it.</param>
/// <param name="LinesOf">The lines of an owner.</param>
/// <param name="Add">Makes a line.</param>
internal sealed record ContactOwners(
    string Path, string Word, string IdName, string[] Bounds, string Needed, Table<ContactLine> Table, Func<string, Row> Visible, Func<string, Row> Existing, Func<long, IEnumerable<ContactLine>> LinesOf,
    Func<Row, ContactSeed, TimeSpan, ContactLine> Add)
{
    public static ContactOwners Customers(TenantState state, CustomerEndpoints customers) => new(
        "customers", "Customer", "customerId", ["modifiedBefore", "modifiedOnOrAfter"], "Either customerIds, modifiedBefore or modifiedOnOrAfter parameter must be specified.", state.CustomerContacts,
        customers.Visible, customers.Existing, state.LinesOf, (owner, line, late) => state.AddLine(owner.Id, line.Type, line.Value, line.Memo, null, late));

    public static ContactOwners Locations(TenantState state, LocationEndpoints locations) => new(
        "locations", "Location", "locationId", ["modifiedBefore", "modifiedOnOrAfter", "createdBefore", "createdOnOrAfter"], "Either locationIds, a created or a modified bound must be specified.",
        state.LocationContacts, locations.Visible, locations.Existing, id => state.Locations.Find(id) is { } location ? state.LinesOf(location) : [],
        (owner, line, late) => state.AddLine((Location)owner, line, state.Now, late));
}
