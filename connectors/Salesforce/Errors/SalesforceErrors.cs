using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Errors;

/// <summary>Turns Salesforce's codes into error kinds. One table for single answers and for rows of a collection.</summary>
internal static partial class SalesforceErrors
{
    /// <summary>The code of a parent named by an external id that no record has.</summary>
    public const string ParentNotFound = "PARENT_NOT_FOUND";

    /// <summary>The code when an external id of a single upsert belongs to several records (HTTP 300).</summary>
    public const string SeveralMatches = "DUPLICATE_EXTERNAL_ID";

    /// <summary>Reads an answer that is no success; null when the body is not Salesforce's.</summary>
    public static OperationError? OfAnswer(RemoteAnswer answer, CallPurpose purpose)
    {
        if (answer.Status == HttpStatusCode.MultipleChoices) return SeveralRecords(answer.Body);
        var errors = VendorError.Read(answer.Body);
        if (errors.Count == 0) return null;
        var error = OfErrors(errors);
        // A SOAP fault is an HTTP 500 whatever it is about; nothing was done.
        if (answer.MediaType is { } media && media.EndsWith("xml", StringComparison.Ordinal)) return error with { NotExecuted = true };
        var kind = answer.Status switch
        {
            HttpStatusCode.Unauthorized => ErrorKind.Authentication,
            HttpStatusCode.TooManyRequests => ErrorKind.RateLimited,
            // Salesforce says 403 for its limits too: the code decides there.
            HttpStatusCode.Forbidden when error.Kind == ErrorKind.Rejected => ErrorKind.Misconfigured,
            HttpStatusCode.Gone => ErrorKind.Misconfigured,
            >= HttpStatusCode.InternalServerError when error.Kind == ErrorKind.Rejected => ErrorKind.Transient,
            _ => error.Kind,
        };

        // A server that failed inside may have failed after the row was written; one that says it is not available did nothing.
        var mayHaveRun = answer.Status >= HttpStatusCode.InternalServerError && answer.Status != HttpStatusCode.ServiceUnavailable;
        if (mayHaveRun && purpose == CallPurpose.Create && kind == ErrorKind.Transient && error.Code != "UNABLE_TO_LOCK_ROW") kind = ErrorKind.UnknownOutcome;
        return error with { Kind = kind, NotExecuted = !mayHaveRun };
    }

    /// <summary>The error of one row; several errors of one row are told together under the weightiest kind.</summary>
    public static OperationError OfErrors(IReadOnlyList<VendorError> errors)
    {
        if (errors.Count == 0) return new OperationError(ErrorKind.Rejected, "UNKNOWN_EXCEPTION", "Salesforce refused the row without saying why.");
        var classified = errors.Select(Classify).ToArray();
        var worst = classified.MinBy(e => Weight(e.Kind))!;
        return classified.Length == 1 ? worst : worst with
        {
            Message = string.Join("; ", classified.Select(e => e.Message).Distinct(StringComparer.Ordinal)),
            Fields = [.. classified.SelectMany(e => e.Fields).Distinct(StringComparer.Ordinal)],
            RecordIds = [.. classified.SelectMany(e => e.RecordIds).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>The error as it stands for a call of several rows: what may be one row's fault is first asked in smaller calls.</summary>
    public static OperationError ForCall(OperationError error) => error.Kind switch
    {
        ErrorKind.Rejected or ErrorKind.Conflict or ErrorKind.Transient => error with { Kind = ErrorKind.BatchScoped, WhenAlone = error.Kind },
        _ => error,
    };

    /// <summary>The error of a path without a record in it: what is missing there is the object or the field, not a record.</summary>
    public static OperationError OfPath(OperationError error, string entity) => error.Code == "NOT_FOUND" && error.Kind == ErrorKind.Rejected
        ? error with { Kind = ErrorKind.Misconfigured, Message = $"{entity}: {error.Message}" }
        : error;

    private static OperationError Classify(VendorError error)
    {
        var message = error.Message;
        var fields = error.Fields;
        var kind = error.Code switch
        {
            "DUPLICATE_VALUE" or "DUPLICATES_DETECTED" or "DUPLICATE_EXTERNAL_ID" => ErrorKind.Conflict,
            // The daily allowance and the bound on long calls at once share one code.
            "REQUEST_LIMIT_EXCEEDED" => message.Contains("concurrent", StringComparison.OrdinalIgnoreCase) ? ErrorKind.RateLimited : ErrorKind.Quota,
            "LIMIT_EXCEEDED" or "STORAGE_LIMIT_EXCEEDED" or "EXCEEDED_QUOTA" => ErrorKind.Quota,
            "INVALID_SESSION_ID" or "INVALID_AUTH_HEADER" or "API_DISABLED_FOR_ORG" or "invalid_grant" or "invalid_client" or "invalid_client_id" or "inactive_user" or "inactive_org" or "unsupported_grant_type" => ErrorKind.Authentication,
            "UNABLE_TO_LOCK_ROW" or "SERVER_UNAVAILABLE" or "UNKNOWN_EXCEPTION" or "INTERNAL_ERROR" or "TOO_MANY_APEX_REQUESTS" or "QUERY_TIMEOUT" or "REQUEST_RUNNING_TOO_LONG"
                or "API_CURRENTLY_DISABLED" or "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE" or "ALL_OR_NONE_OPERATION_ROLLED_BACK" or "PROCESSING_HALTED" or "INVALID_QUERY_LOCATOR" => ErrorKind.Transient,
            "rate_limit_exceeded" => ErrorKind.RateLimited,
            "QUERY_TOO_COMPLICATED" or "OPERATION_TOO_LARGE" or "EXCEEDED_ID_LIMIT" or "EXCEEDED_MAX_SIZE_REQUEST" or "URI_TOO_LONG" => ErrorKind.BatchScoped,
            "INVALID_FIELD" => ErrorKind.Misconfigured,
            "INVALID_TYPE" or "GONE" or "UNSUPPORTED_API_VERSION" => ErrorKind.Misconfigured,
            "INVALID_FIELD_FOR_INSERT_UPDATE" => SecurityWords().IsMatch(message) ? ErrorKind.Misconfigured : ErrorKind.Rejected,
            // A record that is not shared with us is that record's matter; a field we may not touch is everybody's.
            "INSUFFICIENT_ACCESS" or "INSUFFICIENT_ACCESS_OR_READONLY" => fields.Count > 0 ? ErrorKind.Misconfigured : ErrorKind.Rejected,
            "NOT_FOUND" => UnknownKey().Match(message) is { Success: true } key && !SalesforceIds.HasShape(key.Groups[1].Value) ? ErrorKind.Misconfigured : ErrorKind.Rejected,
            // A trigger or flow of the org failed; a lock inside it is a lock.
            "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" when message.Contains("UNABLE_TO_LOCK_ROW", StringComparison.Ordinal) => ErrorKind.Transient,
            _ => ErrorKind.Rejected,
        };

        var code = error.Code;
        if (MissingParent().IsMatch(message))
        {
            // The vendor calls this INVALID_FIELD too, but nothing is missing in the org: the parent has not come yet.
            (kind, code) = (ErrorKind.Rejected, ParentNotFound);
        }

        if (fields.Count == 0 && NamedField(message) is { } named) fields = [named];
        return new OperationError(kind, code, Words(message))
        {
            Fields = fields,
            // A refused row is rolled back.
            NotExecuted = true,
            RecordIds = error.RecordIds.Count > 0 || kind != ErrorKind.Conflict ? error.RecordIds : [.. NamedRecord().Matches(message).Select(m => SalesforceIds.Long(m.Groups[1].Value)).Distinct()],
        };
    }

    private static OperationError SeveralRecords(ReadOnlyMemory<byte> body)
    {
        var ids = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Array)
            {
                foreach (var url in document.RootElement.EnumerateArray())
                {
                    if (url.ValueKind == JsonValueKind.String && url.GetString() is { } text && text[(text.LastIndexOf('/') + 1)..] is var id && SalesforceIds.HasShape(id)) ids.Add(SalesforceIds.Long(id));
                }
            }
        }
        catch (JsonException)
        {
            // The status alone says enough.
        }

        return new OperationError(ErrorKind.Conflict, SeveralMatches, "Several records have this external id.") { RecordIds = ids, NotExecuted = true };
    }

    private static string? NamedField(string message)
    {
        foreach (var match in (ReadOnlySpan<Match>)[MissingColumn().Match(message), UnknownKey().Match(message), DuplicateField().Match(message), RequiredFields().Match(message), WritableField().Match(message)])
        {
            if (match.Success && Soql.SoqlName.IsName(match.Groups[1].Value) && !SalesforceIds.HasShape(match.Groups[1].Value)) return match.Groups[1].Value;
        }

        return null;
    }

    // A query error quotes the query with its values before it comes to the point.
    private static string Words(string message)
    {
        var point = message.IndexOf("ERROR at Row", StringComparison.Ordinal);
        if (point < 0) return message;
        var line = message.IndexOf('\n', point);
        return line < 0 ? message[point..] : message[(line + 1)..].Trim();
    }

    private static int Weight(ErrorKind kind) => kind switch
    {
        ErrorKind.Authentication => 0,
        ErrorKind.Quota => 1,
        ErrorKind.RateLimited => 2,
        ErrorKind.Misconfigured => 3,
        ErrorKind.Transient => 5,
        ErrorKind.Conflict => 4,
        _ => 6,
    };

    [GeneratedRegex(@"^Foreign key external ID: .* not found for field", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex MissingParent();

    [GeneratedRegex(@"external ID field does not exist or is not accessible: ([^\s]+)", RegexOptions.NonBacktracking)]
    private static partial Regex UnknownKey();

    [GeneratedRegex(@"(?:No such column|Didn't understand relationship|field) '([A-Za-z0-9_]+)'", RegexOptions.NonBacktracking)]
    private static partial Regex MissingColumn();

    [GeneratedRegex(@"duplicate value found: ([A-Za-z0-9_]+) duplicates", RegexOptions.NonBacktracking)]
    private static partial Regex DuplicateField();

    [GeneratedRegex(@"Required fields are missing: \[([A-Za-z0-9_]+)", RegexOptions.NonBacktracking)]
    private static partial Regex RequiredFields();

    [GeneratedRegex(@"Unable to create/update fields: ([A-Za-z0-9_]+)", RegexOptions.NonBacktracking)]
    private static partial Regex WritableField();

    [GeneratedRegex(@"security settings|Unable to create/update fields", RegexOptions.NonBacktracking)]
    private static partial Regex SecurityWords();

    // "… with id: 0035g…" and "… found for external id field: [0035g…, 0035g…]".
    [GeneratedRegex(@"(?:\bid: |\[|, )([A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?)\b", RegexOptions.NonBacktracking)]
    private static partial Regex NamedRecord();
}
