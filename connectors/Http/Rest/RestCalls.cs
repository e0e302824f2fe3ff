using System.Net;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>The calls of the activity <c>http</c> through a connection: within its address, with its way to sign in and its budget.</summary>
/// <param name="http">The connection.</param>
/// <param name="baseAddress">Where paths begin; ends with a slash.</param>
/// <param name="reserved">Headers that a flow may not set, beside those of the protocol: the connection's own.</param>
/// <param name="signIn">Signs a message in; null = the connection's handlers do.</param>
public sealed class RestCalls(HttpConnection http, Uri baseAddress, IReadOnlyList<string> reserved, Action<HttpRequestMessage>? signIn = null)
{
    /// <summary>Whether an operation is a method of HTTP.</summary>
    public static bool Takes(string operation) => HttpOperation.Methods.Contains(operation);

    /// <summary>Makes the calls one after the other; REST has no bulk form that all would share.</summary>
    public async Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken)
    {
        var items = new List<Outcome<IReadOnlyDictionary<string, object?>>>(batch.Items.Count);
        foreach (var with in batch.Items) items.Add(await CallAsync(batch.Operation, with, batch.Priority, cancellationToken).ConfigureAwait(false));
        return http.Scrubber.Scrub(new BatchAnswer<IReadOnlyDictionary<string, object?>> { Items = items, Calls = batch.Items.Count });
    }

    private async Task<Outcome<IReadOnlyDictionary<string, object?>>> CallAsync(string method, IReadOnlyDictionary<string, object?> with, CallPriority priority, CancellationToken cancellationToken)
    {
        var request = RestRequest.Of(method, with, baseAddress, reserved, priority);
        if (request.Error is { } refused) return refused;
        var purpose = method switch
        {
            "GET" => CallPurpose.Read,
            "PUT" or "DELETE" => CallPurpose.RepeatableWrite,
            _ => with.Keys.Any(k => k.StartsWith(HttpOperation.Once, StringComparison.Ordinal)) ? CallPurpose.RepeatableWrite : CallPurpose.Create,
        };
        return await http.Caller.SendAsync(
            purpose,
            token =>
            {
                var message = request.Value!.Message()!;
                signIn?.Invoke(message);
                return http.Client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, token);
            },
            Read,
            cancellationToken,
            status => status is HttpStatusCode.NotFound or HttpStatusCode.Gone).ConfigureAwait(false);
    }

    /// <summary>JSON is read as values, any other text as text.</summary>
    private static Outcome<IReadOnlyDictionary<string, object?>> Read(RemoteAnswer answer)
    {
        // The path comes from the flow's data: what is not there is this record's trouble, not the deployment's.
        if (!answer.IsSuccess) return new OperationError(ErrorKind.Rejected, "notFound", $"The server has nothing under this path (HTTP {(int)answer.Status}).");
        object? body = null;
        if (answer.Body.Length > 0)
        {
            if (IsJson(answer.MediaType))
            {
                var reader = new Utf8JsonReader(answer.Body.Span);
                reader.Read();
                body = ValueReader.ReadAny(ref reader);
                // Throws where something follows the value.
                reader.Read();
            }
            else
            {
                body = Encoding.UTF8.GetString(answer.Body.Span);
            }
        }

        return Outcome<IReadOnlyDictionary<string, object?>>.Of(new Dictionary<string, object?> { [HttpOperation.Status] = (long)answer.Status, [HttpOperation.Body] = body });
    }

    private static bool IsJson(string? mediaType) => mediaType is not null && (mediaType.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
}
