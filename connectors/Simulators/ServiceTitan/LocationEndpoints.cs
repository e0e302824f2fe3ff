using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary><c>/crm/v2/tenant/{tenant}/locations</c>.</summary>
internal sealed class LocationEndpoints(TenantState state, CallStatistics statistics, CustomerEndpoints customers)
{
    public Answer List(SimulatorRequest request)
    {
        request.Kind = "locations.list";
        var query = new ListQuery(request);
        var (ids, customerId, active) = (query.Ids("ids"), query.Integer("customerId"), query.Active());
        var rows = query.ByDates(state.Locations.Visible(state.Now).Where(l =>
            (ids is null || ids.Contains(l.Id)) && (customerId is null || l.CustomerId == customerId) && (active is null || l.Active == active)));
        rows = CustomerEndpoints.ByAddress(CustomerEndpoints.Contains(rows, query.Text("name"), l => l.Name), query, l => l.Address);
        var application = query.Guid("externalDataApplicationGuid");
        rows = ExternalData.Filter(rows, query, application, l => l.ExternalData);
        return query.Envelope(query.Sorted(rows).ToList(), (w, l) => RowJson.Location(w, state, l, application, null));
    }

    public Answer Get(SimulatorRequest request, string id)
    {
        request.Kind = "locations.get";
        request.Rows = 1;
        var location = Visible(id);
        return Answer.Json(200, w => RowJson.Location(w, state, location, null, null));
    }

    public Answer Create(SimulatorRequest request)
    {
        request.Kind = "locations.create";
        var body = BodyReader.Of(request);
        var (customerId, name) = (body.Integer("customerId", required: true), body.Text("name", required: true));
        var address = CustomerBody.ReadAddress(body, required: true);
        var contacts = CustomerBody.ReadContacts(body);
        var apply = CustomerBody.ReadCommon(body, state, "locations");
        body.ThrowIfFaulty();
        if (state.Customers.Find(customerId!.Value) is null)
        {
            throw ServiceTitanErrors.Conflict("Customer not found");
        }

        var location = new Location { Id = state.NextId(), CustomerId = customerId.Value, Name = name!, Address = address! };
        var application = apply(location.CustomFields, t => location.TagTypeIds = t, location.ExternalData);
        state.AddLocation(location, contacts, customers.Lateness(request));
        statistics.CountRow("locations.created");
        request.Rows = 1;
        return Answer.Json(200, w => RowJson.Location(w, state, location, application, state.LinesOf(location)));
    }

    /// <summary>All members are optional; lists replace, an address has to be complete, and what it refers to has to exist.</summary>
    public Answer Update(SimulatorRequest request, string id)
    {
        request.Kind = "locations.update";
        var location = Existing(id);
        var body = BodyReader.Of(request);
        var (customerId, name, active, taxZone) = (body.Integer("customerId"), body.Text("name"), body.Flag("active"), body.Integer("taxZoneId"));
        var address = CustomerBody.ReadAddress(body, required: false);
        if (address is not null)
        {
            body.Object("address", false)!.Text("unit", required: true);
        }

        var apply = CustomerBody.ReadCommon(body, state, "locations");
        body.ThrowIfFaulty();
        if (customerId is { } given && state.Customers.Find(given) is null)
        {
            throw ServiceTitanErrors.Conflict("Customer not found");
        }

        if (taxZone is { } zone && !state.TaxZones.Contains(zone))
        {
            throw ServiceTitanErrors.Conflict("Tax zone not found");
        }

        state.Move(location, customerId ?? location.CustomerId);
        location.Name = name ?? location.Name;
        location.Active = active ?? location.Active;
        location.TaxZoneId = taxZone ?? location.TaxZoneId;
        location.Address = address ?? location.Address;
        var application = apply(location.CustomFields, t => location.TagTypeIds = t, location.ExternalData);
        state.Touch(location);
        statistics.CountRow("locations.updated");
        request.Rows = 1;
        return Answer.Json(200, w => RowJson.Location(w, state, location, application, null));
    }

    public Location Visible(string id) => CustomerEndpoints.ParseId(id) is { } key && state.Locations.FindVisible(key, state.Now) is { } found
        ? found : throw ServiceTitanErrors.NotFound("Location");

    public Location Existing(string id) => CustomerEndpoints.ParseId(id) is { } key && state.Locations.Find(key) is { } found
        ? found : throw ServiceTitanErrors.NotFound("Location");
}
