using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Errors;

namespace WorkflowEngine.Salesforce.Writes;

/// <summary>Reads what the vendor says about saved rows.</summary>
internal static class SaveResults
{
    /// <summary>The results of a collection, in the order sent. HTTP says 200 even when every row failed.</summary>
    public static IReadOnlyList<Outcome<WriteResult>> OfCollection(RemoteAnswer answer, WriteVerb verb, IReadOnlyList<WriteItem> rows)
    {
        using var document = JsonDocument.Parse(answer.Body);
        var list = document.RootElement;
        if (list.ValueKind != JsonValueKind.Array) throw new RecordFormatException("a list of results was expected");
        // Results are matched by place: with another count nobody knows whose they are.
        if (list.GetArrayLength() != rows.Count) throw new RecordFormatException($"{rows.Count} rows were sent, {list.GetArrayLength()} results came back");
        var results = new Outcome<WriteResult>[rows.Count];
        var i = 0;
        foreach (var item in list.EnumerateArray())
        {
            results[i] = One(item, verb, rows[i]);
            i++;
        }

        return results;
    }

    /// <summary>The result of a single create or upsert.</summary>
    public static Outcome<WriteResult> OfSingle(RemoteAnswer answer, WriteVerb verb, WriteItem row)
    {
        using var document = JsonDocument.Parse(answer.Body);
        return One(document.RootElement, verb, row);
    }

    /// <summary>A record that is gone already is deleted: a repeat after a lost answer must not fail.</summary>
    public static bool IsGone(OperationError error) => error.Code is "ENTITY_IS_DELETED" or "NOT_FOUND" or "INVALID_CROSS_REFERENCE_KEY";

    private static Outcome<WriteResult> One(JsonElement item, WriteVerb verb, WriteItem row)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("success", out var success) || success.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw new RecordFormatException("a result without 'success'");
        }

        // Only 'success' can be trusted: refused rows have been seen with an id and with created: true.
        if (success.ValueKind == JsonValueKind.False)
        {
            var error = SalesforceErrors.OfErrors(item.TryGetProperty("errors", out var errors) ? VendorError.Read(errors) : []);
            return verb == WriteVerb.Delete && IsGone(error) ? new WriteResult(row.Id!, false) : error;
        }

        var id = item.TryGetProperty("id", out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : row.Id;
        if (string.IsNullOrEmpty(id)) throw new RecordFormatException("a saved row without id");
        var created = verb == WriteVerb.Create || (verb == WriteVerb.Upsert && item.TryGetProperty("created", out var made) && made.ValueKind == JsonValueKind.True);
        return new WriteResult(SalesforceIds.Long(id), created);
    }
}
