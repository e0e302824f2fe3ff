using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Bulk;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce;

/// <summary>
/// Jobs of the Bulk API 2.0, for backfill: many rows for a handful of calls. A job is made first and its id kept, then filled and handed over, then asked until it is done;
/// after a crash the id tells how far it came.
/// </summary>
public sealed class SalesforceBulk
{
    // The vendor takes 150 MB once encoded; this is what it recommends for the raw file.
    private const int LargestFile = 100 * 1024 * 1024;

    private static readonly (string Which, Func<string[], string[], Outcome<WriteResult>> Read)[] ResultFiles = [("successfulResults", Saved), ("failedResults", Refused), ("unprocessedrecords", Unprocessed)];

    private readonly SalesforceConnection _connection;

    /// <summary>Bulk jobs over an open connection of this connector.</summary>
    public SalesforceBulk(IConnection connection)
    {
        _connection = connection as SalesforceConnection ?? throw new ArgumentException("A connection of the Salesforce connector was expected.", nameof(connection));
    }

    /// <summary>Makes an empty job for rows of this kind; its id is kept before anything is sent. A job nobody fills does nothing and goes away by itself.</summary>
    public Task<Outcome<string>> CreateAsync(string entity, WriteVerb verb, string? keyField, CancellationToken cancellationToken) => PostAsync("ingest", w =>
    {
        w.WriteString("object", entity);
        w.WriteString("operation", verb switch { WriteVerb.Create => "insert", WriteVerb.Update => "update", WriteVerb.Upsert => "upsert", WriteVerb.Delete => "delete", _ => throw new ArgumentOutOfRangeException(nameof(verb)) });
        if (verb == WriteVerb.Upsert) w.WriteString("externalIdFieldName", keyField);
        w.WriteString("contentType", "CSV");
        w.WriteString("lineEnding", "LF");
    }, cancellationToken);

    /// <summary>Sends the rows and hands the job over. Each target stands once in a job; rows of one parent stand beside each other.</summary>
    /// <returns>The job's state; a job that was handed over already stays as it is.</returns>
    public async Task<Outcome<BulkStatus>> SendAsync(string jobId, WriteBatch batch, CancellationToken cancellationToken)
    {
        if (!SalesforceIds.HasShape(jobId)) return Bad("job", "This is no id of a bulk job.");
        var text = new BulkFile(_connection.Schema, batch).Text();
        if (Encoding.UTF8.GetByteCount(text) > LargestFile) return Bad("tooLarge", "The rows are more than one job takes; send fewer at once.");
        var calls = _connection.Calls;
        var sent = await calls.Caller.SendAsync(
            CallPurpose.RepeatableWrite,
            token => calls.Api.UploadRowsAsync(calls.Version, jobId, new StringContent(text, Encoding.UTF8, "text/csv"), batch.Priority, token),
            _ => Outcome<bool>.Of(true),
            cancellationToken).ConfigureAwait(false);
        // Sent before: what counts is where the job stands.
        if (sent.Error is { Code: not "INVALIDJOBSTATE" } error) return error;
        var status = await StatusAsync(jobId, cancellationToken).ConfigureAwait(false);
        return status.Error is not null || !status.Value!.IsOpen ? status : await PatchAsync(jobId, "UploadComplete", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>How far the job is.</summary>
    public Task<Outcome<BulkStatus>> StatusAsync(string jobId, CancellationToken cancellationToken) => StatusAsync("ingest", jobId, cancellationToken);

    /// <summary>Stops a job; rows that were done stay.</summary>
    public Task<Outcome<BulkStatus>> AbortAsync(string jobId, CancellationToken cancellationToken) =>
        SalesforceIds.HasShape(jobId) ? PatchAsync(jobId, "Aborted", cancellationToken) : Task.FromResult<Outcome<BulkStatus>>(Bad("job", "This is no id of a bulk job."));

    /// <summary>What became of each row of a finished job, in the order of the batch that was sent.</summary>
    public async Task<Outcome<IReadOnlyList<Outcome<WriteResult>>>> ResultsAsync(string jobId, WriteBatch batch, CancellationToken cancellationToken)
    {
        if (!SalesforceIds.HasShape(jobId)) return Bad("job", "This is no id of a bulk job.");
        var file = new BulkFile(_connection.Schema, batch);
        var finder = file.Finder();
        var results = new Outcome<WriteResult>?[batch.Items.Count];
        foreach (var (which, read) in ResultFiles)
        {
            var text = await TextAsync(jobId, which, cancellationToken).ConfigureAwait(false);
            if (text.Error is { } error) return error;
            if (Fill(text.Value!, which == "unprocessedrecords" ? 0 : 2, read, finder, results) is { } malformed) return malformed;
        }

        return Outcome<IReadOnlyList<Outcome<WriteResult>>>.Of([.. results.Select((r, i) => r ?? file.Errors[i] ?? new OperationError(ErrorKind.UnknownOutcome, "noResult", "The job says nothing about this row."))]);
    }

    /// <summary>Starts a query whose rows are fetched page by page. No sums, no lists of children.</summary>
    public Task<Outcome<string>> StartQueryAsync(string entity, IReadOnlyList<string> fields, Condition condition, bool withDeleted, CancellationToken cancellationToken)
    {
        var where = new SoqlWhere(_connection.Schema, entity);
        if (!SoqlName.IsName(entity) || fields.Any(f => !SoqlName.IsPath(f))) return Task.FromResult<Outcome<string>>(Bad("name", "A name of the query is none of Salesforce's."));
        if (where.Prepare(condition, out var ready) is { } problem) return Task.FromResult<Outcome<string>>(Bad("condition", problem));
        var query = SoqlQueryText.Text(fields, entity, ConditionForms.IsAlways(ready) ? "" : ConditionForms.IsNever(ready) ? "Id = NULL" : where.Text(ready), [], null);
        return PostAsync("query", w =>
        {
            w.WriteString("operation", withDeleted ? "queryAll" : "query");
            w.WriteString("query", query);
        }, cancellationToken);
    }

    /// <summary>How far a query is.</summary>
    public Task<Outcome<BulkStatus>> QueryStatusAsync(string jobId, CancellationToken cancellationToken) => StatusAsync("query", jobId, cancellationToken);

    /// <summary>A page of a finished query's rows, values as text; null where there is none.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="locator">Where to go on, from the page before; null = the first page. Pages can be read again.</param>
    /// <param name="most">Most rows.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Outcome<BulkPage>> QueryPageAsync(string jobId, string? locator, int most, CancellationToken cancellationToken)
    {
        if (!SalesforceIds.HasShape(jobId)) return Bad("job", "This is no id of a bulk job.");
        var calls = _connection.Calls;
        return await calls.Caller.SendAsync(
            CallPurpose.Read,
            token => calls.Api.QueryRowsAsync(calls.Version, jobId, locator, most, CallPriority.Backfill, token),
            answer =>
            {
                var rows = CsvRows.Read(Encoding.UTF8.GetString(answer.Body.Span)).ToList();
                var header = rows.Count > 0 ? rows[0] : [];
                // The last page says so with a word, not by leaving the header out.
                var next = answer.Header("Sforce-Locator") is { } place && place != "null" ? place : null;
                return Outcome<BulkPage>.Of(new BulkPage([.. rows.Skip(1).Select(r => (IReadOnlyDictionary<string, string?>)header.Zip(r).ToDictionary(p => p.First, p => p.Second.Length == 0 ? null : p.Second))], next));
            },
            cancellationToken).ConfigureAwait(false);
    }

    private static OperationError? Fill(string text, int from, Func<string[], string[], Outcome<WriteResult>> read, Func<IReadOnlyList<string>, IReadOnlyList<string>, int?> finder, Outcome<WriteResult>?[] results)
    {
        string[]? header = null;
        foreach (var row in CsvRows.Read(text))
        {
            if (header is null) header = row;
            else if (row.Length != header.Length) return new OperationError(ErrorKind.Transient, "malformed", "A line of a bulk result has another number of columns than its header.");
            else if (finder(header[from..], row[from..]) is { } index) results[index] = read(header, row);
        }

        return null;
    }

    private static Outcome<WriteResult> Saved(string[] header, string[] row) => new WriteResult(SalesforceIds.Long(row[0]), string.Equals(row[1], "true", StringComparison.OrdinalIgnoreCase));

    private static Outcome<WriteResult> Unprocessed(string[] header, string[] row) =>
        new OperationError(ErrorKind.Transient, "UNPROCESSED", "The job ended before this row was worked on.") { NotExecuted = true };

    // "CODE:message:field, field --".
    private static Outcome<WriteResult> Refused(string[] header, string[] row)
    {
        var text = row[1];
        var first = text.IndexOf(':', StringComparison.Ordinal);
        if (first <= 0) return SalesforceErrors.OfErrors([new VendorError("UNKNOWN_EXCEPTION", text)]);
        var last = text.LastIndexOf(':');
        var fields = last > first ? text[(last + 1)..].Replace("--", "", StringComparison.Ordinal).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
        return SalesforceErrors.OfErrors([new VendorError(text[..first], last > first ? text[(first + 1)..last] : text[(first + 1)..]) { Fields = fields }]);
    }

    private async Task<Outcome<string>> PostAsync(string kind, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        var body = stream.ToArray();
        var calls = _connection.Calls;
        // A second job beside a lost one does nothing until it is filled.
        return await calls.Caller.SendAsync(
            CallPurpose.RepeatableWrite,
            token => calls.Api.CreateJobAsync(calls.Version, kind, Json(body), CallPriority.Backfill, token),
            answer =>
            {
                using var document = JsonDocument.Parse(answer.Body);
                return document.RootElement.TryGetProperty("id", out var id) && id.GetString() is { Length: > 0 } text ? Outcome<string>.Of(text) : throw new RecordFormatException("a job without id");
            },
            cancellationToken).ConfigureAwait(false);
    }

    private Task<Outcome<BulkStatus>> PatchAsync(string jobId, string state, CancellationToken cancellationToken)
    {
        var calls = _connection.Calls;
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["state"] = state });
        return calls.Caller.SendAsync(CallPurpose.RepeatableWrite, token => calls.Api.ChangeJobAsync(calls.Version, jobId, Json(body), CallPriority.Backfill, token), Status, cancellationToken);
    }

    private async Task<Outcome<BulkStatus>> StatusAsync(string kind, string jobId, CancellationToken cancellationToken)
    {
        if (!SalesforceIds.HasShape(jobId)) return Bad("job", "This is no id of a bulk job.");
        var calls = _connection.Calls;
        return await calls.Caller.SendAsync(CallPurpose.Read, token => calls.Api.JobAsync(calls.Version, kind, jobId, CallPriority.Backfill, token), Status, cancellationToken).ConfigureAwait(false);
    }

    private Task<Outcome<string>> TextAsync(string jobId, string which, CancellationToken cancellationToken)
    {
        var calls = _connection.Calls;
        return calls.Caller.SendAsync(CallPurpose.Read, token => calls.Api.JobRowsAsync(calls.Version, jobId, which, CallPriority.Backfill, token), answer => Outcome<string>.Of(Encoding.UTF8.GetString(answer.Body.Span)), cancellationToken);
    }

    private static Outcome<BulkStatus> Status(RemoteAnswer answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        var root = document.RootElement;
        var state = root.TryGetProperty("state", out var word) ? word.GetString() : null;
        return new BulkStatus(state ?? throw new RecordFormatException("a job without state"), Count("numberRecordsProcessed"), Count("numberRecordsFailed"), root.TryGetProperty("errorMessage", out var message) ? message.GetString() : null);

        long Count(string name) => root.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetInt64()
            : number.ValueKind == JsonValueKind.String && long.TryParse(number.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 0;
    }

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" } } };

    private static OperationError Bad(string code, string message) => new(ErrorKind.Rejected, code, message) { NotExecuted = true };
}
