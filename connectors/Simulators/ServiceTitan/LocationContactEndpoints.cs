using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Contact lines of locations: of one, and over many.</summary>
internal sealed class LocationContactEndpoints(TenantState state, CallStatistics statistics, LocationEndpoints locations, CustomerEndpoints customers)
{
    public Answer? Handle(SimulatorRequest request, string[] path) => (request.Method, path) switch
    {
        ("GET", ["locations", "contacts"]) => ListOfMany(request),
        ("GET", ["locations", var id, "contacts"]) => List(request, id),
        ("POST", ["locations", var id, "contacts"]) => Create(request, id),
        ("PATCH", ["locations", var id, "contacts", var contact]) => Update(request, id, contact),
        ("DELETE", ["locations", var id, "contacts", var contact]) => Delete(request, id, contact),
        _ => null,
    };

    private Answer List(SimulatorRequest request, string id)
    {
        request.Kind = "locations.contacts";
        var location = Active(locations.Visible(id));
        return new ListQuery(request).Envelope(Shown(state.LinesOf(location)), (w, l) => RowJson.Line(w, l));
    }

    private Answer ListOfMany(SimulatorRequest request)
    {
        request.Kind = "contacts.ofLocations";
        var query = new ListQuery(request);
        var ids = query.Ids("locationIds");
        string[] bounds = ["modifiedBefore", "modifiedOnOrAfter", "createdBefore", "createdOnOrAfter"];
        if (ids is null && bounds.All(b => query.Text(b) is null))
        {
            throw ServiceTitanErrors.Invalid("locationIds", "Either locationIds, a created or a modified bound must be specified.");
        }

        var lines = ids is null ? state.LocationContacts.Visible(state.Now) : ids.Order().Select(state.Locations.Find).OfType<Location>().SelectMany(state.LinesOf);
        return query.Envelope(Shown(query.ByDates(lines)), (w, l) => RowJson.Line(w, l, "locationId"));
    }

    private Answer Create(SimulatorRequest request, string id)
    {
        request.Kind = "locationContacts.create";
        var location = Active(locations.Existing(id));
        var body = BodyReader.Of(request);
        var (type, value, memo) = (CustomerBody.ReadContactType(body, true), body.Text("value", true), body.Text("memo"));
        body.ThrowIfFaulty();
        var line = state.AddLine(location, new ContactSeed(type!, value!, memo), state.Now, customers.Lateness(request));
        statistics.CountRow("contacts.created");
        request.Rows = 1;
        return Answer.Json(200, w => RowJson.Line(w, line));
    }

    private Answer Update(SimulatorRequest request, string id, string contactId)
    {
        request.Kind = "locationContacts.update";
        var line = Existing(id, contactId);
        var body = BodyReader.Of(request);
        var change = ContactEndpoints.ReadChange(body);
        body.ThrowIfFaulty();
        change(line);
        state.Touch(line);
        request.Rows = 1;
        return Answer.Json(200, w => RowJson.Line(w, line));
    }

    private Answer Delete(SimulatorRequest request, string id, string contactId)
    {
        request.Kind = "locationContacts.delete";
        state.Remove(Existing(id, contactId));
        request.Rows = 1;
        return Answer.Empty(200);
    }

    private ContactLine Existing(string id, string contactId)
    {
        var location = Active(locations.Existing(id));
        return CustomerEndpoints.ParseId(contactId) is { } key && state.LocationContacts.Find(key) is { Active: true } line && line.OwnerId == location.Id
            ? line : throw ServiceTitanErrors.NotFound("Contact");
    }

    // Published is a 409 here; that it is about inactive locations follows from what customers do.
    private static Location Active(Location location) => location.Active
        ? location : throw ServiceTitanErrors.Conflict(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Location ID = {location.Id} is not active"));

    private List<ContactLine> Shown(IEnumerable<ContactLine> lines)
    {
        var now = state.Now;
        return [.. lines.Where(l => l.Active && l.VisibleAt <= now)];
    }
}
