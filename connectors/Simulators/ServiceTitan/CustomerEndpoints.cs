using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary><c>/crm/v2/tenant/{tenant}/customers</c>.</summary>
internal sealed class CustomerEndpoints(TenantState state, CallStatistics statistics, SimulatorOptions options)
{
    public Answer List(SimulatorRequest request)
    {
        request.Kind = "customers.list";
        var query = new ListQuery(request);
        var now = state.Now;
        IEnumerable<Customer> rows = query.Ids("ids") is { } ids
            ? ids.Order().Select(id => state.Customers.FindVisible(id, now)).OfType<Customer>()
            : state.Customers.Visible(now);
        var active = query.Active();
        rows = query.ByDates(rows.Where(c => active is null || c.Active == active), query.Flag("excludeAccountingChangesFromModifiedDateRange") ? c => c.EditedOn : null);
        rows = Contains(rows, query.Text("name"), c => c.Name);
        rows = ByAddress(rows, query, c => c.Address);
        if (query.Text("phone") is { } phone)
        {
            var digits = string.Concat(phone.Where(char.IsAsciiDigit));
            rows = rows.Where(c => digits.Length > 0 && state.LinesOf(c.Id).Any(l => l.VisibleAt <= now && SamePhone(l.Digits, digits)));
        }

        var application = query.Guid("externalDataApplicationGuid");
        rows = ExternalData.Filter(rows, query, application, c => c.ExternalData);
        return query.Envelope(query.Sorted(rows).ToList(), (w, c) => RowJson.Customer(w, state, c, application));
    }

    public Answer Get(SimulatorRequest request, string id)
    {
        request.Kind = "customers.get";
        request.Rows = 1;
        var customer = Visible(id);
        var application = new ListQuery(request).Guid("externalDataApplicationGuid");
        return Answer.Json(200, w => RowJson.Customer(w, state, customer, application));
    }

    public Answer Create(SimulatorRequest request)
    {
        request.Kind = "customers.create";
        var body = BodyReader.Of(request);
        var name = body.Text("name", required: true);
        var type = body.OneOf("type", false, "Residential", "Commercial");
        var address = CustomerBody.ReadAddress(body, required: true);
        var contacts = CustomerBody.ReadContacts(body);
        var locations = body.Objects("locations", required: true);
        var places = locations?.Select(l => (
            Name: l.Text("name", required: true), Address: CustomerBody.ReadAddress(l, required: true),
            Contacts: CustomerBody.ReadContacts(l), Apply: CustomerBody.ReadCommon(l, state, "locations"))).ToList();
        if (places is { Count: 0 })
        {
            body.Fault("locations", "At least one location is required.");
        }

        var apply = CustomerBody.ReadCommon(body, state, "customers");
        var flags = CustomerBody.ReadFlags(body);
        body.ThrowIfFaulty();

        var late = Lateness(request);
        var customer = new Customer { Id = state.NextId(), Name = name!, Type = type ?? "Residential", Address = address! };
        flags(customer);
        var application = apply(customer.CustomFields, t => customer.TagTypeIds = t, customer.ExternalData);
        state.Add(customer, late);
        statistics.CountRow("customers.created");
        var lines = contacts.Select(c => state.AddLine(customer.Id, c.Type, c.Value, c.Memo, null, late)).ToList();
        List<(Location, IReadOnlyList<ContactLine>)> made = [];
        foreach (var place in places!)
        {
            var location = new Location { Id = state.NextId(), CustomerId = customer.Id, Name = place.Name!, Address = place.Address! };
            place.Apply(location.CustomFields, t => location.TagTypeIds = t, location.ExternalData);
            state.AddLocation(location, place.Contacts, late);
            made.Add((location, state.LinesOf(location)));
        }

        request.Rows = 1;
        return Answer.Json(200, w => RowJson.CreatedCustomer(w, state, customer, application, made, lines));
    }

    public Answer Update(SimulatorRequest request, string id)
    {
        request.Kind = "customers.update";
        var customer = Existing(id);
        var body = BodyReader.Of(request);
        var change = CustomerBody.ReadUpdate(body);
        var apply = CustomerBody.ReadCommon(body, state, "customers");
        body.ThrowIfFaulty();
        change(customer);
        var application = apply(customer.CustomFields, t => customer.TagTypeIds = t, customer.ExternalData);
        state.Touch(customer);
        statistics.CountRow("customers.updated");
        request.Rows = 1;
        return Answer.Json(200, w => RowJson.Customer(w, state, customer, application));
    }

    public TimeSpan Lateness(SimulatorRequest request) => request.Faults.Find(FaultKind.LateCommit) is { } rule
        ? TimeSpan.FromMilliseconds(rule.DelayMs ?? 60_000) : options.LateVisibility;

    public Customer Visible(string id) => ParseId(id) is { } key && state.Customers.FindVisible(key, state.Now) is { } found
        ? found : throw ServiceTitanErrors.NotFound("Customer");

    /// <summary>Writes reach also what reads do not show yet.</summary>
    public Customer Existing(string id) => ParseId(id) is { } key && state.Customers.Find(key) is { } found
        ? found : throw ServiceTitanErrors.NotFound("Customer");

    public static long? ParseId(string id) =>
        long.TryParse(id, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : null;

    public static IEnumerable<T> Contains<T>(IEnumerable<T> rows, string? text, Func<T, string?> value) => text is null
        ? rows : rows.Where(r => value(r)?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);

    public static IEnumerable<T> ByAddress<T>(IEnumerable<T> rows, ListQuery query, Func<T, Address> address)
    {
        rows = Contains(rows, query.Text("street"), r => address(r).Street);
        rows = Contains(rows, query.Text("unit"), r => address(r).Unit);
        rows = Contains(rows, query.Text("city"), r => address(r).City);
        rows = Contains(rows, query.Text("state"), r => address(r).State);
        rows = Contains(rows, query.Text("zip"), r => address(r).Zip);
        return Contains(rows, query.Text("country"), r => address(r).Country);
    }

    /// <summary>Numbers are compared without the country's 1, as people type them either way.</summary>
    private static bool SamePhone(string line, string asked) => line.Length > 0 && National(line) == National(asked);

    private static string National(string digits) => digits.Length == 11 && digits[0] == '1' ? digits[1..] : digits;
}
