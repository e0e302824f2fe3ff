using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>One call of a flow, as it goes out. Made once, sent as often as the call is repeated.</summary>
internal sealed class RestRequest
{
    private static readonly RecordWriter Writer = new(new WireRules());

    private readonly HttpMethod _method;
    private readonly Uri _address;
    private readonly List<(string Name, string Value)> _headers = [];
    private readonly byte[]? _body;
    private readonly CallPriority _priority;
    private string _contentType = "application/json";

    private RestRequest(HttpMethod method, Uri address, byte[]? body, CallPriority priority)
    {
        (_method, _address, _body, _priority) = (method, address, body, priority);
    }

    /// <summary>Reads the step's values: <c>path</c>, <c>parameters.…</c>, <c>headers.…</c>, <c>once.…</c>, <c>body</c>.</summary>
    public static Outcome<RestRequest> Of(string method, IReadOnlyDictionary<string, object?> with, Uri baseAddress, IReadOnlyList<string> reserved, CallPriority priority)
    {
        if (Address(with, baseAddress) is not { } address)
        {
            return Refused("path", $"The path must stay within {baseAddress}: it begins with '/' or a name, and has no '..', '?' or '#'.");
        }

        byte[]? body = null;
        if (with.TryGetValue(HttpOperation.Body, out var content) && content is not null)
        {
            if (method is "GET" or "DELETE") return Refused("body", $"A call of {method} has no body.");
            body = Encode(content);
        }

        var request = new RestRequest(new HttpMethod(method), address, body, priority);
        foreach (var (name, value) in Lines(with, HttpOperation.Header).Concat(Lines(with, HttpOperation.Once)))
        {
            if (RestHeaders.IsReserved(name) || reserved.Contains(name, StringComparer.OrdinalIgnoreCase)) return Refused("headers", $"The header {name} is set by the connection.");
            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~')) return Refused("headers", $"The header {name} may hold printable ASCII only.");
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)) request._contentType = value;
            else request._headers.Add((name, value));
        }

        if (!MediaTypeHeaderValue.TryParse(request._contentType, out _)) return Refused("headers", $"The Content-Type {request._contentType} is none.");
        using var tried = request.Message();
        return tried is null ? Refused("headers", "A header has a name that HTTP does not allow.") : request;
    }

    /// <summary>A fresh message; null when a header's name is not allowed.</summary>
    public HttpRequestMessage? Message()
    {
        var message = new HttpRequestMessage(_method, _address);
        message.Options.Set(new HttpRequestOptionsKey<CallPriority>(CallProperties.Priority), _priority);
        if (_body is not null)
        {
            message.Content = new ByteArrayContent(_body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(_contentType);
        }

        foreach (var (name, value) in _headers)
        {
            if (message.Headers.TryAddWithoutValidation(name, value) || message.Content?.Headers.TryAddWithoutValidation(name, value) == true) continue;
            message.Dispose();
            return null;
        }

        if (message.Headers.Accept.Count == 0) message.Headers.Accept.ParseAdd("application/json");
        return message;
    }

    private static Uri? Address(IReadOnlyDictionary<string, object?> with, Uri baseAddress)
    {
        var path = (with.GetValueOrDefault(HttpOperation.Path) as string ?? "").TrimStart('/');
        if (path.AsSpan().ContainsAny('?', '#', '\\') || path.Split('/').Any(part => Uri.UnescapeDataString(part) is "." or "..")) return null;
        var query = new StringBuilder();
        foreach (var (name, value) in Lines(with, HttpOperation.Parameter)) query.Append(query.Length == 0 ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        // A path that looks like an address of its own ("https:" or "name:") is one below the base all the same.
        if (!Uri.TryCreate(baseAddress.AbsoluteUri + path + query, UriKind.Absolute, out var address)) return null;
        return baseAddress.IsBaseOf(address) ? address : null;
    }

    private static IEnumerable<(string Name, string Value)> Lines(IReadOnlyDictionary<string, object?> with, string prefix) => with
        .Where(w => w.Key.StartsWith(prefix, StringComparison.Ordinal) && w.Value is not null)
        .Select(w => (w.Key[prefix.Length..], w.Value as string ?? Encoding.UTF8.GetString(Encode(w.Value!)).Trim('"')));

    private static byte[] Encode(object value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Writer.WriteValue(writer, value, FieldType.Of(FieldKind.Any), "body");
        return buffer.WrittenSpan.ToArray();
    }

    private static OperationError Refused(string field, string message) => new(ErrorKind.Rejected, "badRequest", message) { NotExecuted = true, Fields = [field] };
}
