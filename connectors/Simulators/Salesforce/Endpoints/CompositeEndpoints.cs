using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary><c>/composite</c>: up to 25 requests in one, with references to the results of earlier ones.</summary>
internal sealed partial class CompositeEndpoints(OrgState state, Func<SimulatorRequest, Answer> handle)
{
    private const int MostParts = 25;
    private const int MostGraphs = 75;
    private const int MostNodes = 500;
    private const int MostFailedGraphs = 14;

    public Answer Run(SimulatorRequest request)
    {
        request.Kind = "composite";
        if (!request.TryReadJson(out var body) || body.ValueKind is not JsonValueKind.Object
            || !body.TryGetProperty("compositeRequest", out var list) || list.ValueKind is not JsonValueKind.Array
            || list.GetArrayLength() is 0 or > MostParts || list.EnumerateArray().Any(p => !IsPart(p)))
        {
            throw SalesforceErrors.Refuse(400, "INVALID_INPUT", "compositeRequest must hold 1 to 25 requests with method, url and referenceId.");
        }

        var answers = RunParts(request, list, body.TryGetProperty("allOrNone", out var all) && all.ValueKind is JsonValueKind.True, out _);
        request.Rows = answers.Count;
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            Write(w, answers);
            w.WriteEndObject();
        });
    }

    /// <summary><c>/composite/graph</c>: each graph is all or nothing by itself.</summary>
    public Answer RunGraphs(SimulatorRequest request)
    {
        request.Kind = "composite.graph";
        if (!request.TryReadJson(out var body) || body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty("graphs", out var graphs) || graphs.ValueKind is not JsonValueKind.Array
            || graphs.GetArrayLength() is 0 or > MostGraphs || graphs.EnumerateArray().Any(g => Text(g, "graphId") is null || !g.TryGetProperty("compositeRequest", out var l) || l.ValueKind is not JsonValueKind.Array || l.EnumerateArray().Any(p => !IsPart(p)))
            || graphs.EnumerateArray().Sum(g => g.GetProperty("compositeRequest").GetArrayLength()) > MostNodes)
        {
            throw SalesforceErrors.Refuse(400, "INVALID_INPUT", "graphs must hold 1 to 75 graphs with graphId and compositeRequest, 500 requests in all.");
        }

        var failed = 0;
        List<(string Id, bool Good, List<(string, Answer)> Answers)> results = [];
        foreach (var graph in graphs.EnumerateArray())
        {
            var list = graph.GetProperty("compositeRequest");
            var answers = failed >= MostFailedGraphs ? [.. list.EnumerateArray().Select(p => (Text(p, "referenceId")!, Halted()))] : RunParts(request, list, allOrNone: true, out _);
            var good = answers.TrueForAll(a => a.Item2.Status is >= 200 and < 300);
            failed += good ? 0 : 1;
            results.Add((Text(graph, "graphId")!, good, answers));
        }

        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("graphs");
            foreach (var (id, good, answers) in results)
            {
                w.WriteStartObject();
                w.WriteString("graphId", id);
                w.WriteBoolean("isSuccessful", good);
                w.WriteStartObject("graphResponse");
                Write(w, answers);
                w.WriteEndObject();
                w.WriteEndObject();
            }

            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private List<(string Reference, Answer Answer)> RunParts(SimulatorRequest request, JsonElement list, bool allOrNone, out int culprit)
    {
        Dictionary<string, JsonElement> results = new(StringComparer.Ordinal);
        List<(string Reference, Answer Answer)> answers = [];
        var savepoint = state.Savepoint();
        culprit = -1;
        foreach (var part in list.EnumerateArray())
        {
            var reference = part.GetProperty("referenceId").GetString()!;
            var answer = allOrNone && culprit >= 0 ? Halted() : One(request, part, results);
            if (answer.Status is < 200 or >= 300 && culprit < 0)
            {
                culprit = answers.Count;
            }

            if (answer is { Status: >= 200 and < 300, Body.Length: > 0 })
            {
                using var document = JsonDocument.Parse(answer.Body);
                results[reference] = document.RootElement.Clone();
            }

            answers.Add((reference, answer));
        }

        if (allOrNone && culprit >= 0)
        {
            state.RollbackTo(savepoint);
            var at = culprit;
            answers = [.. answers.Select((a, i) => i == at ? a : (a.Reference, Halted()))];
        }

        return answers;
    }

    private static void Write(Utf8JsonWriter w, List<(string Reference, Answer Answer)> answers)
    {
        w.WriteStartArray("compositeResponse");
        foreach (var (reference, answer) in answers)
        {
            w.WriteStartObject();
            w.WritePropertyName("body");
            if (answer.Body.Length == 0)
            {
                w.WriteNullValue();
            }
            else
            {
                w.WriteRawValue(answer.Body.Span);
            }

            w.WriteStartObject("httpHeaders");
            foreach (var (name, value) in answer.Headers.Where(h => h.Name == "Location"))
            {
                w.WriteString(name, value);
            }

            w.WriteEndObject();
            w.WriteNumber("httpStatusCode", answer.Status);
            w.WriteString("referenceId", reference);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    private static Answer Halted() => SalesforceErrors.Of(
        400, "PROCESSING_HALTED", "The transaction was rolled back since another operation in the same transaction failed.");

    private static bool IsPart(JsonElement part) => part.ValueKind is JsonValueKind.Object
        && Text(part, "method") is "POST" or "PUT" or "PATCH" or "GET" or "DELETE"
        && Text(part, "url") is { } url && url.StartsWith("/services/data/v", StringComparison.Ordinal)
        && Text(part, "referenceId") is { } reference && ReferenceName().IsMatch(reference);

    private static string? Text(JsonElement o, string name) => o.TryGetProperty(name, out var v) && v.ValueKind is JsonValueKind.String ? v.GetString() : null;

    private Answer One(SimulatorRequest request, JsonElement part, Dictionary<string, JsonElement> results)
    {
        try
        {
            var url = Resolve(Text(part, "url")!, results, Uri.EscapeDataString);
            var body = part.TryGetProperty("body", out var given) && given.ValueKind is not JsonValueKind.Null
                ? Resolve(given.GetRawText(), results, v => JsonEncodedText.Encode(v).ToString()) : "";
            var headers = part.TryGetProperty("httpHeaders", out var h) && h.ValueKind is JsonValueKind.Object ? h : default;
            var inner = request.Part(Text(part, "method")!, url, name => headers.ValueKind is JsonValueKind.Object ? Text(headers, name) : null, Encoding.UTF8.GetBytes(body));
            // A composite cannot hold another one.
            var answer = inner.Segments is [_, _, _, "composite"] ? throw SalesforceErrors.NotFound() : handle(inner);
            request.AfterSending += inner.AfterSending;
            return answer;
        }
        catch (Refusal refusal)
        {
            return refusal.Answer;
        }
    }

    private static string Resolve(string text, Dictionary<string, JsonElement> results, Func<string, string> encode) => Reference().Replace(text, match =>
    {
        var path = match.Groups[2].Value;
        if (results.TryGetValue(match.Groups[1].Value, out var value))
        {
            foreach (var step in path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
            {
                var found = value.ValueKind switch
                {
                    JsonValueKind.Object => value.TryGetProperty(step, out value),
                    JsonValueKind.Array => int.TryParse(step, out var i) && i >= 0 && i < value.GetArrayLength() && (value = value[i]).ValueKind != JsonValueKind.Undefined,
                    _ => false,
                };
                if (!found)
                {
                    throw Unresolved(match.Value);
                }
            }

            return encode(value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText());
        }

        throw Unresolved(match.Value);
    });

    private static Refusal Unresolved(string reference) => SalesforceErrors.Refuse(400, "PROCESSING_HALTED", $"Invalid reference specified. No value for {reference} found.");

    [GeneratedRegex(@"@\{([A-Za-z0-9][A-Za-z0-9_]*)\.([A-Za-z0-9_.\[\]]+)\}", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Reference();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_]*$", RegexOptions.CultureInvariant)]
    private static partial Regex ReferenceName();
}
