using System.Text;
using System.Text.Json;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Rows;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary><c>/composite/batch</c>, whose parts stand alone, and <c>/composite/tree</c>, which makes records with their children, all or none.</summary>
internal sealed class BatchEndpoints(OrgState state, RecordWriter writer, ApiUsage usage, Func<SimulatorRequest, WriteContext> newContext, Func<SimulatorRequest, Answer> handle)
{
    private const int MostParts = 25;
    private const int MostRecords = 200;
    private const int DeepestTree = 5;

    public Answer Batch(SimulatorRequest request)
    {
        request.Kind = "composite.batch";
        if (!request.TryReadJson(out var body) || body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("batchRequests", out var list) || list.ValueKind is not JsonValueKind.Array
            || list.GetArrayLength() is 0 or > MostParts || list.EnumerateArray().Any(p => Text(p, "method") is null || Text(p, "url") is null))
        {
            throw SalesforceErrors.Refuse(400, "INVALID_INPUT", "batchRequests must hold 1 to 25 requests with method and url.");
        }

        var halt = body.TryGetProperty("haltOnError", out var flag) && flag.ValueKind is JsonValueKind.True;
        List<Answer> answers = [];
        foreach (var part in list.EnumerateArray())
        {
            answers.Add(halt && answers.Exists(a => a.Status >= 400)
                ? SalesforceErrors.Of(412, "BATCH_PROCESSING_HALTED", "Batch processing of this request was halted because of an earlier failure.") : One(request, part));
            // Each part commits by itself and counts as a call.
            state.Commit();
        }

        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteBoolean("hasErrors", answers.Exists(a => a.Status >= 400));
            w.WriteStartArray("results");
            foreach (var answer in answers)
            {
                w.WriteStartObject();
                w.WriteNumber("statusCode", answer.Status);
                w.WritePropertyName("result");
                if (answer.Body.Length == 0)
                {
                    w.WriteNullValue();
                }
                else
                {
                    w.WriteRawValue(answer.Body.Span);
                }

                w.WriteEndObject();
            }

            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    public Answer Tree(SimulatorRequest request, string type)
    {
        request.Kind = "composite.tree";
        var definition = state.Schema.Find(type) ?? throw SalesforceErrors.NotFound();
        if (!request.TryReadJson(out var body) || Records(body) is not { } records)
        {
            throw SalesforceErrors.Refuse(400, "INVALID_INPUT", "Expected records with attributes.referenceId.");
        }

        var savepoint = state.Savepoint();
        List<(string Reference, RowResult Result)> results = [];
        Add(newContext(request), definition, null, null, records, 1, results);
        request.Rows = results.Count;
        var failed = results.FindAll(r => !r.Result.Success);
        if (failed.Count > 0)
        {
            state.RollbackTo(savepoint);
        }

        return Answer.Json(failed.Count > 0 ? 400 : 201, w =>
        {
            w.WriteStartObject();
            w.WriteBoolean("hasErrors", failed.Count > 0);
            w.WriteStartArray("results");
            foreach (var (reference, result) in failed.Count > 0 ? failed : results)
            {
                w.WriteStartObject();
                w.WriteString("referenceId", reference);
                if (result.Success)
                {
                    w.WriteString("id", result.Id);
                }
                else
                {
                    w.WriteStartArray("errors");
                    foreach (var error in result.Errors)
                    {
                        w.WriteStartObject();
                        w.WriteString("statusCode", error.Code);
                        w.WriteString("message", error.Message);
                        SalesforceErrors.Fields(w, error.Fields);
                        w.WriteEndObject();
                    }

                    w.WriteEndArray();
                }

                w.WriteEndObject();
            }

            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private void Add(
        WriteContext context, ObjectDefinition definition, FieldDefinition? reference, string? parent, IReadOnlyList<JsonElement> records, int depth, List<(string Reference, RowResult Result)> results)
    {
        foreach (var record in records)
        {
            var name = record.TryGetProperty("attributes", out var attributes) ? Text(attributes, "referenceId") : null;
            if (name is null || results.Count >= MostRecords || depth > DeepestTree)
            {
                throw SalesforceErrors.Refuse(400, "INVALID_INPUT", "A tree has at most 200 records with a referenceId each, and five levels.");
            }

            var own = new Dictionary<string, object?>(StringComparer.Ordinal);
            List<(ObjectDefinition Child, FieldDefinition Field, List<JsonElement> Records)> below = [];
            foreach (var property in record.EnumerateObject())
            {
                var (child, field) = state.Schema.Children(definition).FirstOrDefault(c => property.Name.Equals(c.Field.ChildRelationship, StringComparison.OrdinalIgnoreCase));
                if (field is not null && Records(property.Value) is { } inner)
                {
                    below.Add((child, field, inner));
                }
                else
                {
                    own[property.Name] = property.Value;
                }
            }

            if (reference is not null)
            {
                own[reference.Name] = parent;
            }

            var result = writer.Save(context, definition, JsonSerializer.SerializeToElement(own), null);
            results.Add((name, result));
            foreach (var (child, field, inner) in result.Success ? below : [])
            {
                Add(context, child, field, result.Id, inner, depth + 1, results);
            }
        }
    }

    private static List<JsonElement>? Records(JsonElement of) => of.ValueKind is JsonValueKind.Object && of.TryGetProperty("records", out var list) && list.ValueKind is JsonValueKind.Array
        && list.EnumerateArray().All(r => r.ValueKind is JsonValueKind.Object) ? [.. list.EnumerateArray()] : null;

    private Answer One(SimulatorRequest request, JsonElement part)
    {
        if (!usage.Count())
        {
            return SalesforceErrors.Of(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
        }

        try
        {
            var body = part.TryGetProperty("richInput", out var given) && given.ValueKind is not JsonValueKind.Null ? given.GetRawText() : "";
            var inner = request.Part(Text(part, "method")!.ToUpperInvariant(), "/services/data/" + Text(part, "url")!.TrimStart('/'), _ => null, Encoding.UTF8.GetBytes(body));
            var answer = inner.Segments is [_, _, _, "composite", ..] ? throw SalesforceErrors.NotFound() : handle(inner);
            request.AfterSending += inner.AfterSending;
            return answer;
        }
        catch (Refusal refusal)
        {
            return refusal.Answer;
        }
    }

    private static string? Text(JsonElement o, string name) => o.ValueKind is JsonValueKind.Object && o.TryGetProperty(name, out var v) && v.ValueKind is JsonValueKind.String ? v.GetString() : null;
}
