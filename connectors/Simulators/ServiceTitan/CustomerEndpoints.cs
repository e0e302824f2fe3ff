using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary><c>/crm/v2/tenant/{tenant}/customers</c> and <c>/locations</c>.</summary>
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
        rows = query.ByDates(rows.Where(c => active is null || c.Active == active));
        rows = Contains(rows, query.Text("name"), c => c.Name);
        rows = ByAddress(rows, query, c => c.Address);
        if (query.Text("phone") is { } phone)
        {
            var digits = string.Concat(phone.Where(char.IsAsciiDigit));
            rows = rows.Where(c => digits.Length > 0 && state.LinesOf(c.Id).Any(l => l.VisibleAt <= now && SamePhone(l.Digits, digits)));
        }

        var application = query.Guid("externalDataApplicationGuid");
        rows = ByExternalData(rows, query, application, c => c.ExternalData);
        return query.Envelope(query.Sorted(rows).ToList(), (w, c) => RowJson.Customer(w, c, application));
    }

    public Answer Get(SimulatorRequest request, string id)
    {
        request.Kind = "customers.get";
        request.Rows = 1;
        var customer = Visible(id);
        var application = new ListQuery(request).Guid("externalDataApplicationGuid");
        return Answer.Json(200, w => RowJson.Customer(w, customer, application));
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
            Contacts: CustomerBody.ReadContacts(l), Apply: CustomerBody.ReadCommon(l))).ToList();
        if (places is { Count: 0 })
        {
            body.Fault("locations", "At least one location is required.");
        }

        var apply = CustomerBody.ReadCommon(body);
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
            made.Add((location, LinesOfLocation(location.Id)));
        }

        request.Rows = 1;
        return Answer.Json(200, w => RowJson.CreatedCustomer(w, customer, application, made, lines));
    }

    public Answer Update(SimulatorRequest request, string id)
    {
        request.Kind = "customers.update";
        var customer = Existing(id);
        var body = BodyReader.Of(request);
        var change = CustomerBody.ReadUpdate(body);
        var apply = CustomerBody.ReadCommon(body);
        body.ThrowIfFaulty();
        change(customer);
        var application = apply(customer.CustomFields, t => customer.TagTypeIds = t, customer.ExternalData);
        state.Touch(customer);
        statistics.CountRow("customers.updated");
        request.Rows = 1;
        return Answer.Json(200, w => RowJson.Customer(w, customer, application));
    }

    public Answer ListLocations(SimulatorRequest request)
    {
        request.Kind = "locations.list";
        var query = new ListQuery(request);
        var (ids, customerId, active) = (query.Ids("ids"), query.Integer("customerId"), query.Active());
        var rows = query.ByDates(state.Locations.Visible(state.Now).Where(l =>
            (ids is null || ids.Contains(l.Id)) && (customerId is null || l.CustomerId == customerId) && (active is null || l.Active == active)));
        rows = ByAddress(Contains(rows, query.Text("name"), l => l.Name), query, l => l.Address);
        var application = query.Guid("externalDataApplicationGuid");
        rows = ByExternalData(rows, query, application, l => l.ExternalData);
        return query.Envelope(query.Sorted(rows).ToList(), (w, l) => RowJson.Location(w, l, application, null));
    }

    public Answer GetLocation(SimulatorRequest request, string id)
    {
        request.Kind = "locations.get";
        request.Rows = 1;
        var location = ParseId(id) is { } key && state.Locations.FindVisible(key, state.Now) is { } found ? found : throw ServiceTitanErrors.NotFound("Location");
        var application = new ListQuery(request).Guid("externalDataApplicationGuid");
        return Answer.Json(200, w => RowJson.Location(w, location, application, null));
    }

    public Answer CreateLocation(SimulatorRequest request)
    {
        request.Kind = "locations.create";
        var body = BodyReader.Of(request);
        var (customerId, name) = (body.Integer("customerId", required: true), body.Text("name", required: true));
        var address = CustomerBody.ReadAddress(body, required: true);
        var contacts = CustomerBody.ReadContacts(body);
        var apply = CustomerBody.ReadCommon(body);
        body.ThrowIfFaulty();
        if (state.Customers.Find(customerId!.Value) is null)
        {
            throw ServiceTitanErrors.Conflict("Customer not found");
        }

        var location = new Location { Id = state.NextId(), CustomerId = customerId.Value, Name = name!, Address = address! };
        var application = apply(location.CustomFields, t => location.TagTypeIds = t, location.ExternalData);
        state.AddLocation(location, contacts, Lateness(request));
        statistics.CountRow("locations.created");
        request.Rows = 1;
        return Answer.Json(200, w => RowJson.Location(w, location, application, LinesOfLocation(location.Id)));
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

    private List<ContactLine> LinesOfLocation(long id) => [.. state.LocationContacts.All.Where(l => l.OwnerId == id && l.Active)];

    private static IEnumerable<T> Contains<T>(IEnumerable<T> rows, string? text, Func<T, string?> value) => text is null
        ? rows : rows.Where(r => value(r)?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);

    private static IEnumerable<T> ByAddress<T>(IEnumerable<T> rows, ListQuery query, Func<T, Address> address)
    {
        rows = Contains(rows, query.Text("street"), r => address(r).Street);
        rows = Contains(rows, query.Text("unit"), r => address(r).Unit);
        rows = Contains(rows, query.Text("city"), r => address(r).City);
        rows = Contains(rows, query.Text("state"), r => address(r).State);
        rows = Contains(rows, query.Text("zip"), r => address(r).Zip);
        return Contains(rows, query.Text("country"), r => address(r).Country);
    }

    private static IEnumerable<T> ByExternalData<T>(IEnumerable<T> rows, ListQuery query, Guid? application, Func<T, ExternalData> data)
    {
        // Both key and values are needed; one alone filters nothing, like any unknown parameter.
        if (application is not { } guid || query.Text("externalDataKey") is not { } key || query.Text("externalDataValues") is not { } values)
        {
            return rows;
        }

        var wanted = values.Split(',', StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);
        return wanted.Count > 50
            ? throw ServiceTitanErrors.Invalid("externalDataValues", "The list cannot have more than 50 items.")
            : rows.Where(r => data(r).Of(guid).TryGetValue(key, out var value) && wanted.Contains(value));
    }

    /// <summary>Numbers are compared without the country's 1, as people type them either way.</summary>
    private static bool SamePhone(string line, string asked) => line.Length > 0 && National(line) == National(asked);

    private static string National(string digits) => digits.Length == 11 && digits[0] == '1' ? digits[1..] : digits;
}
