using System.Globalization;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Contact lines of customers or of locations: of one owner, and over many.</summary>
internal sealed class ContactLineEndpoints(TenantState state, CallStatistics statistics, ContactOwners owners, CustomerEndpoints customers)
{
    private const string Contacts = "contacts";

    public Answer? Handle(SimulatorRequest request, string[] path)
    {
        if (path is not [var segment, .. var rest] || segment != owners.Path)
        {
            return null;
        }

        return (request.Method, rest) switch
        {
            ("GET", [Contacts]) => ListOfMany(request),
            ("GET", [var id, Contacts]) => List(request, id),
            ("POST", [var id, Contacts]) => Create(request, id),
            ("PATCH", [var id, Contacts, var contact]) => Update(request, id, contact),
            ("DELETE", [var id, Contacts, var contact]) => Delete(request, id, contact),
            _ => null,
        };
    }

    public static Action<ContactLine> ReadChange(BodyReader body)
    {
        var (type, value) = (CustomerBody.ReadContactType(body, false), body.Text("value"));
        var (hasMemo, memo) = (body.Has("memo"), body.Text("memo"));
        var given = body.Object("preferences", false);
        var preferences = given is null ? default((bool?, bool?, bool?))
            : (given.Flag("jobRemindersEnabled"), given.Flag("marketingUpdatesEnabled"), given.Flag("invoiceStatementNotification"));
        return l =>
        {
            l.Type = type ?? l.Type;
            l.Value = value ?? l.Value;
            l.Memo = hasMemo ? memo : l.Memo;
            l.Preferences = (
                preferences.Item1 ?? l.Preferences.JobReminders, preferences.Item2 ?? l.Preferences.MarketingUpdates,
                preferences.Item3 ?? l.Preferences.InvoiceStatements);
        };
    }

    private Answer List(SimulatorRequest request, string id)
    {
        request.Kind = $"{owners.Path}.contacts";
        var owner = Active(owners.Visible(id));
        return new ListQuery(request).Envelope(Visible(owners.LinesOf(owner.Id)), (w, l) => RowJson.Line(w, l));
    }

    private Answer ListOfMany(SimulatorRequest request)
    {
        request.Kind = $"contacts.of{owners.Word}s";
        var query = new ListQuery(request);
        var ids = query.Ids(owners.IdName + "s");
        if (ids is null && owners.Bounds.All(b => query.Text(b) is null))
        {
            throw ServiceTitanErrors.Invalid(owners.IdName + "s", owners.Needed);
        }

        var lines = ids is null ? owners.Table.Visible(state.Now) : ids.Order().SelectMany(owners.LinesOf);
        return query.Envelope(Visible(query.ByDates(lines)), (w, l) => RowJson.Line(w, l, owners.IdName));
    }

    private Answer Create(SimulatorRequest request, string id)
    {
        request.Kind = $"{owners.Path}.contacts.create";
        var owner = Active(owners.Existing(id));
        var body = BodyReader.Of(request);
        var (type, value, memo) = (CustomerBody.ReadContactType(body, true), body.Text("value", true), body.Text("memo"));
        body.ThrowIfFaulty();
        var line = owners.Add(owner, new ContactSeed(type!, value!, memo), customers.Lateness(request));
        statistics.CountRow("contacts.created");
        request.Rows = 1;
        return Answer.Json(200, w => RowJson.Line(w, line));
    }

    private Answer Update(SimulatorRequest request, string id, string contactId)
    {
        request.Kind = $"{owners.Path}.contacts.update";
        var line = Existing(id, contactId);
        var body = BodyReader.Of(request);
        var change = ReadChange(body);
        body.ThrowIfFaulty();
        change(line);
        state.Touch(line);
        statistics.CountRow("contacts.updated");
        request.Rows = 1;
        return Answer.Json(200, w => RowJson.Line(w, line));
    }

    private Answer Delete(SimulatorRequest request, string id, string contactId)
    {
        request.Kind = $"{owners.Path}.contacts.delete";
        state.Remove(Existing(id, contactId));
        statistics.CountRow("contacts.deleted");
        request.Rows = 1;
        return Answer.Empty(200);
    }

    private ContactLine Existing(string id, string contactId)
    {
        var owner = Active(owners.Existing(id));
        return CustomerEndpoints.ParseId(contactId) is { } key && owners.Table.Find(key) is { Active: true } line && line.OwnerId == owner.Id
            ? line : throw ServiceTitanErrors.NotFound("Contact");
    }

    /// <summary>Observed: the contacts of an inactive customer, merged ones included, answer 409. Published for locations too; that it is about inactive ones follows from what customers do.</summary>
    private Row Active(Row owner) => owner.Active
        ? owner : throw ServiceTitanErrors.Conflict(string.Create(CultureInfo.InvariantCulture, $"{owners.Word} ID = {owner.Id} is not active"));

    private List<ContactLine> Visible(IEnumerable<ContactLine> lines)
    {
        var now = state.Now;
        return [.. lines.Where(l => l.Active && l.VisibleAt <= now)];
    }
}
