using System.Globalization;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>The vendor's error answers: <c>ApiErrorResponse</c> from the application, other shapes from the gateway.</summary>
internal static class ServiceTitanErrors
{
    private static int _trace;

    public static Answer Api(int status, string title, IReadOnlyDictionary<string, List<string>>? errors = null) => Answer.Json(status, w =>
    {
        var trace = Interlocked.Increment(ref _trace);
        w.WriteStartObject();
        w.WriteString("type", status switch
        {
            400 => "https://tools.ietf.org/html/rfc7231#section-6.5.1",
            403 => "https://tools.ietf.org/html/rfc7231#section-6.5.3",
            404 => "https://tools.ietf.org/html/rfc7231#section-6.5.4",
            409 => "https://tools.ietf.org/html/rfc7231#section-6.5.8",
            _ => "https://tools.ietf.org/html/rfc7231#section-6.6.1",
        });
        w.WriteString("title", title);
        w.WriteNumber("status", status);
        w.WriteString("traceId", string.Create(CultureInfo.InvariantCulture, $"00-5f1c2a7c9d0e4b13a2f6c8d1{trace:x8}-3b9d1f0c7a6e5d21-00"));
        w.WriteStartObject("errors");
        foreach (var (name, texts) in errors ?? new Dictionary<string, List<string>>())
        {
            w.WriteStartArray(name);
            texts.ForEach(w.WriteStringValue);
            w.WriteEndArray();
        }

        w.WriteEndObject();
        w.WriteStartObject("data");
        w.WriteEndObject();
        w.WriteEndObject();
    });

    public static Refusal NotFound(string what) => new(Api(404, $"{what} not found"));

    public static Refusal Conflict(string title) => new(Api(409, title));

    public static Refusal Invalid(string name, string text) =>
        new(Api(400, "One or more validation errors occurred.", new Dictionary<string, List<string>> { [name] = [text] }));

    public static Answer Gateway(int status, string message) => Answer.Json(status, w =>
    {
        w.WriteStartObject();
        w.WriteNumber("statusCode", status);
        w.WriteString("message", message);
        w.WriteEndObject();
    });

    public static Answer OAuth(string error) => Answer.Json(400, w =>
    {
        w.WriteStartObject();
        w.WriteString("error", error);
        w.WriteEndObject();
    });
}
