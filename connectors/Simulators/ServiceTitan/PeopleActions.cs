using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary><c>/_people/{kind}</c> for every kind of record, and what people and technicians do with jobs and memberships.</summary>
internal sealed class PeopleActions(TenantState state, PeopleRecords people, RecordEndpoints records, JobProgress progress, MembershipEndpoints memberships)
{
    public Answer? Handle(SimulatorRequest request) => (request.Method, request.Segments) switch
    {
        ("POST", ["_people", "jobs", var id, "complete"]) => Act(request, JobKinds.Jobs, id, (job, body) => progress.Complete(job, body.Instant("completedOn") ?? state.Now)),
        ("POST", ["_people", "jobs", var id, "cancel"]) => Act(request, JobKinds.Jobs, id, (job, body) => progress.Cancel(job, body.Integer("reasonId") ?? 0, body.Text("memo") ?? "")),
        ("POST", ["_people", "appointments", var id, "dispatch"]) => Act(request, JobKinds.Appointments, id, (visit, _) => progress.Dispatch(visit)),
        ("POST", ["_people", "appointments", var id, "start"]) => Act(request, JobKinds.Appointments, id, (visit, _) => progress.Start(visit)),
        ("POST", ["_people", "memberships", var id, "renew"]) => Act(request, MembershipKinds.Memberships, id, (membership, _) => memberships.Renew(membership)),
        ("POST", ["_people", "memberships", var id, "status"]) => Act(request, MembershipKinds.Memberships, id, (membership, body) =>
        {
            var status = body.OneOf("status", true, "Active", "Suspended", "Expired", "Canceled", "Deleted");
            body.ThrowIfFaulty();
            memberships.SetStatus(membership, status!, body.Text("note"));
        }),
        ("POST", ["_people", var kind]) when state.Known(kind) is not null => Enter(request, kind),
        ("PATCH", ["_people", var kind, var id]) when state.Known(kind) is { } table => Act(request, table.Kind, id, (record, _) => Guarded(() => people.Change(record, Json(request)))),
        _ => null,
    };

    /// <summary>Changes the record with this id, rating pair or review number; enters it where there is none.</summary>
    public Record Put(string kind, JsonElement values)
    {
        var table = state.Known(kind) ?? throw new ArgumentException($"There are no {kind}; known are customers, locations, tagTypes, {string.Join(", ", RecordKinds.All.Select(k => k.Name))}.");
        if (Existing(table, values) is not { } known)
        {
            return people.Add(table.Kind, values);
        }

        people.Change(known, values);
        return known;
    }

    private Answer Enter(SimulatorRequest request, string kind)
    {
        var root = Json(request);
        List<Record> made = [];
        Guarded(() =>
        {
            foreach (var one in root.ValueKind is JsonValueKind.Array ? root.EnumerateArray().ToList() : [root])
            {
                made.Add(Put(kind, one));
            }
        });
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("ids");
            made.ForEach(r => w.WriteNumberValue(r.Id));
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private Answer Act(SimulatorRequest request, RecordKind kind, string id, Action<Record, BodyReader> act)
    {
        var record = records.Existing(kind, id);
        act(record, request.Body.Length == 0 ? BodyReader.Of(JsonSerializer.SerializeToElement(new Dictionary<string, string>())) : BodyReader.Of(request));
        return Answer.Json(200, w => records.Json.Write(w, record, feed: true, null));
    }

    private Record? Existing(RecordSet table, JsonElement values)
    {
        if (values.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        if (Number(values, "id") is { } id)
        {
            return table.Rows.Find(id);
        }

        return table.Kind.Name switch
        {
            "technicianRatings" when Number(values, "jobId") is { } job => table.By("jobId", job).FirstOrDefault(r => r.Number("technicianId") == Number(values, "technicianId")),
            "reviews" when Number(values, "internalId") is { } review => table.Rows.All.FirstOrDefault(r => r.Number("internalId") == review),
            _ => null,
        };
    }

    private static long? Number(JsonElement values, string name) => values.TryGetProperty(name, out var value)
        ? value.ValueKind is JsonValueKind.Number ? value.GetInt64()
            : long.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null
        : null;

    private static JsonElement Json(SimulatorRequest request) => request.TryReadJson(out var root) ? root : throw new Refusal(ControlEndpoints.Problem(400, "JSON is expected."));

    private static void Guarded(Action act)
    {
        try
        {
            act();
        }
        catch (ArgumentException e)
        {
            throw new Refusal(ControlEndpoints.Problem(400, e.Message));
        }
    }
}
