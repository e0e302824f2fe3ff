using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>ServiceTitan's error bodies (problem details with field errors) and what its statuses mean.</summary>
internal static class ServiceTitanErrors
{
    /// <summary>A path or verb the gateway does not know: its 404 carries no problem details.</summary>
    public const string NotPublished = "notPublished";

    /// <summary>An operation or condition of the catalogue that has no code yet.</summary>
    public static OperationError OnlyBelow(string entity, string parent) =>
        new(ErrorKind.Misconfigured, "onlyBelow", $"ServiceTitan gives {entity} only together with what it belongs to: ask for it by {parent}.") { NotExecuted = true };

    public static OperationError NotYet(string what) => new(ErrorKind.Misconfigured, "notSupportedYet", $"{what} is not supported yet.") { NotExecuted = true };

    /// <summary>A value the vendor would refuse; nothing was sent.</summary>
    public static OperationError Unfit(string message, params string[] fields) => new(ErrorKind.Rejected, "invalidValue", message) { Fields = fields, NotExecuted = true };

    public static OperationError? Read(RemoteAnswer answer, CallPurpose purpose)
    {
        var problem = Problem.Of(answer);
        var code = ((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
        switch ((int)answer.Status)
        {
            case 404 when problem is null:
                return new OperationError(ErrorKind.Misconfigured, NotPublished, "ServiceTitan does not know this path.") { NotExecuted = true };
            // 409 speaks of the record's state (inactive customer, closed job), not of a duplicate.
            case 400 or 404 or 409 or 422 when problem is not null:
                return new OperationError(ErrorKind.Rejected, code, problem.Words) { Fields = problem.Fields, NotExecuted = true };
            case 403:
                return new OperationError(ErrorKind.Misconfigured, code, $"The application lacks a scope: {problem?.Words ?? "HTTP 403"}") { NotExecuted = true };
            default:
                return problem is null ? null : new OperationError(HttpErrorClassifier.KindOf(answer.Status, purpose, answer.Headers.RetryAfter is not null), code, problem.Words)
                {
                    Fields = problem.Fields,
                    NotExecuted = HttpErrorClassifier.SurelyNotExecuted(answer.Status, answer.Headers.RetryAfter is not null),
                };
        }
    }

    private sealed record Problem(string Words, IReadOnlyList<string> Fields)
    {
        public static Problem? Of(RemoteAnswer answer)
        {
            try
            {
                using var document = JsonDocument.Parse(answer.Body);
                var root = document.RootElement;
                if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("title", out var title) || title.ValueKind != JsonValueKind.String) return null;
                var words = new List<string> { title.GetString()! };
                var fields = new List<string>();
                if (root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object)
                {
                    foreach (var error in errors.EnumerateObject())
                    {
                        // "request" stands for the whole body.
                        if (error.Name is not ("" or "request")) fields.Add(error.Name);
                        if (error.Value.ValueKind == JsonValueKind.Array) words.AddRange(error.Value.EnumerateArray().Where(w => w.ValueKind == JsonValueKind.String).Select(w => w.GetString()!));
                    }
                }

                return new Problem(string.Join(" ", words.Distinct()), fields);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }
}
