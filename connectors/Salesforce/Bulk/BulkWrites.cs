using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Api;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Metadata;
using WorkflowEngine.Salesforce.Soql;
using WorkflowEngine.Salesforce.Writes;

namespace WorkflowEngine.Salesforce.Bulk;

/// <summary>Ingest jobs of the Bulk API 2.0: many rows for a handful of calls.</summary>
internal sealed class BulkWrites(SalesforceCalls rest, OrgSchema schema, RecordTypeNames recordTypes, SecretScrubber scrubber) : IBulkWrites
{
    // The vendor takes 150 MB once encoded; this is what it recommends for the raw file.
    private const int LargestFile = 100 * 1024 * 1024;

    private const string Ingest = "ingest";

    private static readonly (string Which, Func<string[], Outcome<WriteResult>> Read)[] ResultFiles = [("successfulResults", Saved), ("failedResults", Refused), ("unprocessedrecords", _ => Unprocessed)];

    private readonly BulkCalls _calls = new(rest, scrubber);

    private static OperationError Unprocessed => new(ErrorKind.Transient, "UNPROCESSED", "The job ended before this row was worked on.") { NotExecuted = true };

    /// <inheritdoc/>
    /// <remarks>A job takes about ten calls, a collection two hundred rows.</remarks>
    public int LeastRows => 2_000;

    /// <inheritdoc/>
    public int MostRows => 100_000;

    /// <inheritdoc/>
    public OperationError? Refusal(WriteBatch wave)
    {
        if (!SoqlName.IsName(wave.Entity)) return new OperationError(ErrorKind.Bug, "name", $"'{wave.Entity}' is no name of a Salesforce object.") { NotExecuted = true };
        if (wave.Verb == WriteVerb.Merge) return No("Records cannot be merged by a job.");
        if (wave.Verb == WriteVerb.Restore) return No("Records cannot be restored by a job.");
        if (wave.Verb == WriteVerb.Upsert && wave.KeyField is not { Length: > 0 }) return No("An upsert by a job needs an external id.");
        if (wave.Options.GetValueOrDefault(WriteHeaders.AssignmentRule) is { } rule && rule != "none" && !SalesforceIds.HasShape(rule)) return No("A job runs an assignment rule by its id, not the active one.");
        if (wave.Options.GetValueOrDefault(WriteHeaders.DuplicateRule) == "allow") return No("A job cannot save what a duplicate rule alerts at.");
        return null;

        static OperationError No(string message) => new(ErrorKind.Misconfigured, "notSupported", message) { NotExecuted = true };
    }

    /// <inheritdoc/>
    public Task<Outcome<string>> CreateAsync(WriteBatch wave, CancellationToken cancellationToken) => Refusal(wave) is { } refusal ? Task.FromResult<Outcome<string>>(refusal) : _calls.CreateAsync(
        Ingest,
        wave.Priority,
        w =>
        {
            w.WriteString("object", wave.Entity);
            w.WriteString("operation", wave.Verb switch { WriteVerb.Create => "insert", WriteVerb.Update => "update", WriteVerb.Upsert => "upsert", WriteVerb.Delete => "delete", _ => throw new ArgumentOutOfRangeException(nameof(wave)) });
            if (wave.Verb == WriteVerb.Upsert) w.WriteString("externalIdFieldName", wave.KeyField);
            if (wave.Options.GetValueOrDefault(WriteHeaders.AssignmentRule) is { } rule && SalesforceIds.HasShape(rule)) w.WriteString("assignmentRuleId", rule);
            w.WriteString("contentType", "CSV");
            w.WriteString("lineEnding", "LF");
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome<BulkStatus>> SendAsync(string job, WriteBatch wave, CancellationToken cancellationToken)
    {
        if (BulkCalls.Wrong(job) is { } wrong) return wrong;
        var named = await recordTypes.ResolveAsync(wave, cancellationToken).ConfigureAwait(false);
        if (named.Error is { } unknown) return unknown;
        var file = new BulkFile(schema, named.Value!);
        if (file.Length > LargestFile) return new OperationError(ErrorKind.BatchScoped, "tooLarge", "The rows are more than one job takes.") { NotExecuted = true, WhenAlone = ErrorKind.Rejected };
        var sent = await rest.Caller.SendAsync(
            CallPurpose.RepeatableWrite,
            token => rest.Api.UploadRowsAsync(rest.Version, job, new RowsContent(file), wave.Priority, token),
            _ => Outcome<bool>.Of(true),
            cancellationToken,
            timeout: BulkCalls.LongestTransfer).ConfigureAwait(false);
        // Sent before: what counts is where the job stands.
        if (sent.Error is { Code: not "INVALIDJOBSTATE" } error) return error;
        var status = await StatusAsync(job, wave.Priority, cancellationToken).ConfigureAwait(false);
        return status.Error is not null || status.Value!.Phase != BulkPhase.Open ? status : await _calls.ChangeAsync(job, "UploadComplete", wave.Priority, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<Outcome<BulkStatus>> StatusAsync(string job, CallPriority priority, CancellationToken cancellationToken) => _calls.StatusAsync(Ingest, job, priority, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<BulkStatus>> AbortAsync(string job, CallPriority priority, CancellationToken cancellationToken) =>
        BulkCalls.Wrong(job) is { } wrong ? Task.FromResult<Outcome<BulkStatus>>(wrong) : _calls.ChangeAsync(job, "Aborted", priority, cancellationToken);

    /// <inheritdoc/>
    public async Task<Outcome<IReadOnlyList<Outcome<WriteResult>>>> ResultsAsync(string job, WriteBatch wave, CancellationToken cancellationToken)
    {
        if (BulkCalls.Wrong(job) is { } wrong) return wrong;
        var named = await recordTypes.ResolveAsync(wave, cancellationToken).ConfigureAwait(false);
        if (named.Error is { } unknown) return unknown;
        var file = new BulkFile(schema, named.Value!);
        var results = new Outcome<WriteResult>?[wave.Items.Count];
        var finder = file.Finder();
        foreach (var (which, read) in ResultFiles)
        {
            var from = which == "unprocessedrecords" ? 0 : 2;
            var filled = await _calls.RowsAsync(
                token => rest.Api.JobRowsAsync(rest.Version, job, which, wave.Priority, token),
                async (_, rows) =>
                {
                    var found = await FindAsync(rows, from, file, finder, read).ConfigureAwait(false);
                    foreach (var (row, result) in found) results[row] = scrubber.Scrub(result);
                    return Outcome<bool>.Of(true);
                },
                cancellationToken).ConfigureAwait(false);
            if (filled.Error is { } error) return error;
        }

        return Outcome<IReadOnlyList<Outcome<WriteResult>>>.Of(
            [.. results.Select((r, i) => r ?? file.Error(i) ?? new OperationError(ErrorKind.UnknownOutcome, "noResult", "The job says nothing about this row."))]);
    }

    // A read that broke off is repeated from its beginning: rows it had found are given back first.
    private static async Task<List<(int Row, Outcome<WriteResult> Result)>> FindAsync(IAsyncEnumerable<string[]> rows, int from, BulkFile file, RowFinder finder, Func<string[], Outcome<WriteResult>> read)
    {
        var found = new List<(int Row, Outcome<WriteResult> Result)>();
        var taken = new List<(UInt128 Print, int Row)>();
        var columns = -1;
        int? key = null;
        try
        {
            await foreach (var row in rows.ConfigureAwait(false))
            {
                if (columns < 0)
                {
                    columns = row.Length;
                    key = file.KeyColumn is { } name ? Math.Max(-1, Array.FindIndex(row, from, h => h.Equals(name, StringComparison.OrdinalIgnoreCase))) - from : null;
                    continue;
                }

                if (key < 0) throw new RecordFormatException("a bulk result without its key column");
                if (row.Length != columns) throw new RecordFormatException("a line of a bulk result with another number of columns than its header");
                var print = BulkFile.Print(from == 0 ? row : row[from..], key);
                if (finder.Take(print) is not { } index) continue;
                taken.Add((print, index));
                found.Add((index, read(row)));
            }
        }
        catch
        {
            for (var i = taken.Count - 1; i >= 0; i--) finder.Return(taken[i].Print, taken[i].Row);
            throw;
        }

        return found;
    }

    private static Outcome<WriteResult> Saved(string[] row) => new WriteResult(SalesforceIds.Long(row[0]), string.Equals(row[1], "true", StringComparison.OrdinalIgnoreCase));

    // "CODE:message:field, field --".
    private static Outcome<WriteResult> Refused(string[] row)
    {
        var text = row[1];
        var first = text.IndexOf(':', StringComparison.Ordinal);
        if (first <= 0) return SalesforceErrors.OfErrors([new VendorError("UNKNOWN_EXCEPTION", text)]);
        var last = text.LastIndexOf(':');
        var fields = last > first ? text[(last + 1)..].Replace("--", "", StringComparison.Ordinal).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];
        return SalesforceErrors.OfErrors([new VendorError(text[..first], last > first ? text[(first + 1)..last] : text[(first + 1)..]) { Fields = fields }]);
    }
}
