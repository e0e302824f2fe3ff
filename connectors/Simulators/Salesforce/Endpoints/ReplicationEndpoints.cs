using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Rows;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary><c>/sobjects/{type}/updated</c> and <c>/deleted</c>: which records changed in a span of time. Seconds are cut off.</summary>
internal sealed class ReplicationEndpoints(OrgState state, TimeProvider clock)
{
    public Answer Updated(SimulatorRequest request, string type)
    {
        request.Kind = "updated";
        var (rows, until) = Rows(request, type, TimeSpan.FromDays(30), deleted: false);
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("ids");
            rows.ForEach(r => w.WriteStringValue(r.Id));
            w.WriteEndArray();
            FieldValues.Write(w, "latestDateCovered", until);
            w.WriteEndObject();
        });
    }

    public Answer Deleted(SimulatorRequest request, string type)
    {
        request.Kind = "deleted";
        var (rows, until) = Rows(request, type, TimeSpan.FromDays(15), deleted: true);
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("deletedRecords");
            foreach (var row in rows)
            {
                w.WriteStartObject();
                w.WriteString("id", row.Id);
                FieldValues.Write(w, "deletedDate", row.Values["SystemModstamp"]);
                w.WriteEndObject();
            }

            w.WriteEndArray();
            FieldValues.Write(w, "earliestDateAvailable", Minute(clock.GetUtcNow() - TimeSpan.FromDays(15)));
            FieldValues.Write(w, "latestDateCovered", until);
            w.WriteEndObject();
        });
    }

    private (List<OrgRecord> Rows, DateTimeOffset Until) Rows(SimulatorRequest request, string type, TimeSpan reach, bool deleted)
    {
        var definition = state.Schema.Find(type) is { Setup: false } found ? found : throw SalesforceErrors.NotFound();
        var now = clock.GetUtcNow();
        if (request.Value("start") is not { } from || request.Value("end") is not { } to
            || !FieldValues.TryInstant(from.Replace(' ', '+'), out var start) || !FieldValues.TryInstant(to.Replace(' ', '+'), out var end))
        {
            throw SalesforceErrors.Refuse(400, "MALFORMED_ID", "start and end must be given as dates with a time zone");
        }

        (start, end) = (Minute(start), Minute(end));
        if (start >= end || start < now - reach)
        {
            throw SalesforceErrors.Refuse(400, "INVALID_REPLICATION_DATE", start >= end ? "startDate after or equal to endDate" : "startDate before org replication enabled date");
        }

        // A row that is not visible yet belongs to a transaction that is still open: what comes after its beginning is not covered.
        var open = state.All(definition).Where(r => r.VisibleAt > now).Select(r => r.Values["SystemModstamp"]).OfType<DateTimeOffset>().Append(now).Min();
        var until = Minute(open < end ? open : end);
        return ([.. state.All(definition).Where(r => r.IsDeleted == deleted && r.VisibleAt <= now && r.Values["SystemModstamp"] is DateTimeOffset at && at >= start && at < end)], until);
    }

    private static DateTimeOffset Minute(DateTimeOffset at) => new(at.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
}
