using System.Text.Json;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.Salesforce;

/// <summary>One error of a row or a request. The HTTP status is that of a call for this row alone.</summary>
internal sealed record RowError(string Code, string Message, IReadOnlyList<string> Fields, int Status = 400);

/// <summary>The vendor's error answers: a list of one object.</summary>
internal static class SalesforceErrors
{
    public static Answer Of(int status, string code, string message, IReadOnlyList<string>? fields = null) =>
        List(status, [new RowError(code, message, fields ?? [])], withFields: fields is not null);

    public static Answer List(int status, IReadOnlyList<RowError> errors, bool withFields = true) => Answer.Json(status, w =>
    {
        w.WriteStartArray();
        foreach (var error in errors)
        {
            w.WriteStartObject();
            w.WriteString("message", error.Message);
            w.WriteString("errorCode", error.Code);
            if (withFields)
            {
                Fields(w, error.Fields);
            }

            w.WriteEndObject();
        }

        w.WriteEndArray();
    });

    public static Refusal Refuse(int status, string code, string message, IReadOnlyList<string>? fields = null) => new(Of(status, code, message, fields));

    public static Refusal NotFound(string message = "The requested resource does not exist") => Refuse(404, "NOT_FOUND", message);

    public static void Fields(Utf8JsonWriter w, IReadOnlyList<string> fields)
    {
        w.WriteStartArray("fields");
        foreach (var field in fields)
        {
            w.WriteStringValue(field);
        }

        w.WriteEndArray();
    }

    public static Answer OAuth(string error, string description) => Answer.Json(400, w =>
    {
        w.WriteStartObject();
        w.WriteString("error", error);
        w.WriteString("error_description", description);
        w.WriteEndObject();
    });
}
