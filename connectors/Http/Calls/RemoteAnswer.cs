using System.Net;
using System.Net.Http.Headers;

namespace WorkflowEngine.Connectors.Http;

/// <summary>A whole answer, read into memory within the size bound.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">Headers of the answer.</param>
/// <param name="MediaType">The media type of the body; null when there is none.</param>
/// <param name="Body">The body, decompressed.</param>
public sealed record RemoteAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, ReadOnlyMemory<byte> Body)
{
    /// <summary>True for 2xx.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The value of a header; null when absent.</summary>
    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    /// <summary>Shows no body: bodies hold customers' data.</summary>
    public override string ToString() => $"HTTP {(int)Status}, {Body.Length} bytes";
}
