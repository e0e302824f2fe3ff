using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Api;

namespace WorkflowEngine.Salesforce.Bulk;

/// <summary>What jobs of both kinds share.</summary>
internal sealed class BulkCalls(SalesforceCalls calls, SecretScrubber scrubber)
{
    /// <summary>A file of 100 MB may take its time.</summary>
    public static readonly TimeSpan LongestTransfer = TimeSpan.FromMinutes(10);

    public SalesforceCalls Rest => calls;

    /// <summary>Makes a job; a second one beside a lost one does nothing until it is filled or read.</summary>
    public Task<Outcome<string>> CreateAsync(string kind, CallPriority priority, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        var body = stream.ToArray();
        return calls.Caller.SendAsync(
            CallPurpose.RepeatableWrite,
            token => calls.Api.CreateJobAsync(calls.Version, kind, Json(body), priority, token),
            answer =>
            {
                using var document = JsonDocument.Parse(answer.Body);
                return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String && SalesforceIds.HasShape(id.GetString()!)
                    ? Outcome<string>.Of(id.GetString()!) : throw new RecordFormatException("a job without id");
            },
            cancellationToken);
    }

    public Task<Outcome<BulkStatus>> ChangeAsync(string job, string state, CallPriority priority, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["state"] = state });
        return calls.Caller.SendAsync(CallPurpose.RepeatableWrite, token => calls.Api.ChangeJobAsync(calls.Version, job, Json(body), priority, token), Status, cancellationToken);
    }

    public Task<Outcome<BulkStatus>> StatusAsync(string kind, string job, CallPriority priority, CancellationToken cancellationToken) => Wrong(job) is { } wrong
        ? Task.FromResult<Outcome<BulkStatus>>(wrong)
        : calls.Caller.SendAsync(CallPurpose.Read, token => calls.Api.JobAsync(calls.Version, kind, job, priority, token), Status, cancellationToken);

    /// <summary>Reads a CSV answer row by row.</summary>
    /// <param name="send">The call.</param>
    /// <param name="read">Takes the rows, the header first; called anew for a repeat.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<Outcome<T>> RowsAsync<T>(Func<CancellationToken, Task<HttpResponseMessage>> send, Func<HttpResponseMessage, IAsyncEnumerable<string[]>, Task<Outcome<T>>> read, CancellationToken cancellationToken) =>
        calls.Caller.StreamAsync(
            CallPurpose.Read,
            send,
            async (response, body, token) =>
            {
                using var text = new StreamReader(body, Encoding.UTF8);
                return await read(response, CsvRows.ReadAsync(text, token)).ConfigureAwait(false);
            },
            cancellationToken,
            LongestTransfer);

    /// <summary>Ids come back from a store: only what looks like one goes into an address.</summary>
    public static OperationError? Wrong(string job) => SalesforceIds.HasShape(job) ? null : Bad("job", "This is no id of a bulk job.");

    public static OperationError Bad(string code, string message) => new(ErrorKind.Rejected, code, message) { NotExecuted = true };

    private Outcome<BulkStatus> Status(RemoteAnswer answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        var root = document.RootElement;
        var state = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("state", out var word) ? word.GetString() : null;
        var phase = state switch
        {
            "Open" => BulkPhase.Open,
            "UploadComplete" or "InProgress" => BulkPhase.Working,
            "JobComplete" => BulkPhase.Done,
            "Failed" => BulkPhase.Failed,
            "Aborted" => BulkPhase.Aborted,
            _ => throw new RecordFormatException("a job without a known state"),
        };
        return new BulkStatus(phase, Count("numberRecordsProcessed"), Count("numberRecordsFailed"), root.TryGetProperty("errorMessage", out var message) && message.GetString() is { } words ? scrubber.Scrub(words) : null);

        long Count(string name) => root.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetInt64()
            : number.ValueKind == JsonValueKind.String && long.TryParse(number.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 0;
    }

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" } } };
}
