using System.Text.Json;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.Salesforce;

/// <summary>One error of a row or a request. The HTTP status is that of a call for this row alone.</summary>
internal sealed record RowError(string Code, string Message, IReadOnlyList<string> Fields, int Status = 400)
{
    /// <summary>What a duplicate rule found; told only to a call for this row alone.</summary>
    public DuplicateMatch? Duplicates { get; init; }
}

/// <summary>The records a duplicate rule found.</summary>
internal sealed record DuplicateMatch(string Rule, string Object, bool AllowSave, IReadOnlyList<OrgRecord> Records);

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
            if (error.Duplicates is { } duplicates)
            {
                Duplicates(w, duplicates, error.Message);
            }

            w.WriteString("message", error.Message);
            w.WriteString("errorCode", error.Code);
            if (withFields && error.Duplicates is null)
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

    // The vendor's own spelling of the key.
    private static void Duplicates(Utf8JsonWriter w, DuplicateMatch match, string message)
    {
        w.WriteStartObject("duplicateResut");
        w.WriteBoolean("allowSave", match.AllowSave);
        w.WriteString("duplicateRule", match.Rule);
        w.WriteString("duplicateRuleEntityType", match.Object);
        w.WriteString("errorMessage", message);
        w.WriteStartArray("matchResults");
        w.WriteStartObject();
        w.WriteString("entityType", match.Object);
        w.WriteStartArray("errors");
        w.WriteEndArray();
        w.WriteString("matchEngine", "ExactMatchEngine");
        w.WriteStartArray("matchRecords");
        foreach (var record in match.Records)
        {
            w.WriteStartObject();
            w.WriteStartArray("additionalInformation");
            w.WriteEndArray();
            w.WriteStartArray("fieldDiffs");
            w.WriteEndArray();
            w.WriteNumber("matchConfidence", 100.0);
            w.WriteStartObject("record");
            w.WriteStartObject("attributes");
            w.WriteString("type", record.Definition.Name);
            w.WriteString("url", $"/services/data/v67.0/sobjects/{record.Definition.Name}/{record.Id}");
            w.WriteEndObject();
            w.WriteString("Id", record.Id);
            w.WriteEndObject();
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteString("rule", match.Rule);
        w.WriteNumber("size", match.Records.Count);
        w.WriteBoolean("success", true);
        w.WriteEndObject();
        w.WriteEndArray();
        w.WriteEndObject();
    }

    public static Answer OAuth(string error, string description) => Answer.Json(400, w =>
    {
        w.WriteStartObject();
        w.WriteString("error", error);
        w.WriteString("error_description", description);
        w.WriteEndObject();
    });
}
