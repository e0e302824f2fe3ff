using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Contact lines of customers: of one, and over many.</summary>
internal sealed class ContactEndpoints(TenantState state, CallStatistics statistics, CustomerEndpoints customers)
{
    public Answer List(SimulatorRequest request, string customerId)
    {
        request.Kind = "contacts.list";
        var customer = Active(customers.Visible(customerId));
        return new ListQuery(request).Envelope(Visible(state.LinesOf(customer.Id)), (w, l) => RowJson.Line(w, l));
    }

    public Answer ListOfMany(SimulatorRequest request)
    {
        request.Kind = "contacts.ofCustomers";
        var query = new ListQuery(request);
        var ids = query.Ids("customerIds");
        if (ids is null && query.Text("modifiedBefore") is null && query.Text("modifiedOnOrAfter") is null)
        {
            throw ServiceTitanErrors.Invalid("customerIds", "Either customerIds, modifiedBefore or modifiedOnOrAfter parameter must be specified.");
        }

        var lines = ids is null ? state.CustomerContacts.Visible(state.Now) : ids.Order().SelectMany(state.LinesOf);
        return query.Envelope(Visible(query.ByDates(lines)), (w, l) => RowJson.Line(w, l, "customerId"));
    }

    public Answer Create(SimulatorRequest request, string customerId)
    {
        request.Kind = "contacts.create";
        var customer = Active(customers.Existing(customerId));
        var body = BodyReader.Of(request);
        var (type, value, memo) = (CustomerBody.ReadContactType(body, true), body.Text("value", true), body.Text("memo"));
        body.ThrowIfFaulty();
        var line = state.AddLine(customer.Id, type!, value!, memo, null, customers.Lateness(request));
        statistics.CountRow("contacts.created");
        request.Rows = 1;
        return Answer.Json(200, w => RowJson.Line(w, line));
    }

    public Answer Update(SimulatorRequest request, string customerId, string contactId)
    {
        request.Kind = "contacts.update";
        var line = Existing(customerId, contactId);
        var body = BodyReader.Of(request);
        var change = ReadChange(body);
        body.ThrowIfFaulty();
        change(line);
        state.Touch(line);
        statistics.CountRow("contacts.updated");
        request.Rows = 1;
        return Answer.Json(200, w => RowJson.Line(w, line));
    }

    public Answer Delete(SimulatorRequest request, string customerId, string contactId)
    {
        request.Kind = "contacts.delete";
        state.Remove(Existing(customerId, contactId));
        statistics.CountRow("contacts.deleted");
        request.Rows = 1;
        return Answer.Empty(200);
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

    private ContactLine Existing(string customerId, string contactId)
    {
        var customer = Active(customers.Existing(customerId));
        return CustomerEndpoints.ParseId(contactId) is { } key && state.CustomerContacts.Find(key) is { Active: true } line && line.OwnerId == customer.Id
            ? line : throw ServiceTitanErrors.NotFound("Contact");
    }

    /// <summary>Observed: the contacts of an inactive customer, merged ones included, answer 409.</summary>
    private static Customer Active(Customer customer) => customer.Active
        ? customer : throw ServiceTitanErrors.Conflict(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Customer ID = {customer.Id} is not active"));

    private List<ContactLine> Visible(IEnumerable<ContactLine> lines)
    {
        var now = state.Now;
        return [.. lines.Where(l => l.Active && l.VisibleAt <= now)];
    }
}
