using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using WorkflowEngine.Simulators.Faults;

namespace WorkflowEngine.Simulators.Http;

/// <summary>One request, read completely. Path segments are decoded one by one, so that an encoded slash stays inside its segment.</summary>
internal sealed class SimulatorRequest
{
    private readonly Func<string, string?> _header;

    public SimulatorRequest(string method, string target, Func<string, string?> header, byte[] body, string baseAddress)
    {
        _header = header;
        Method = method.ToUpperInvariant();
        Target = target;
        Body = body;
        BaseAddress = baseAddress;
        var cut = target.IndexOf('?', StringComparison.Ordinal);
        Path = cut < 0 ? target : target[..cut];
        Query = new(QueryHelpers.ParseNullableQuery(cut < 0 ? null : target[cut..]) ?? [], StringComparer.OrdinalIgnoreCase);
        Segments = [.. Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
    }

    public string Method { get; set; }

    /// <summary>Path and query as sent.</summary>
    public string Target { get; }

    public string Path { get; }

    public string[] Segments { get; }

    public Dictionary<string, StringValues> Query { get; }

    public byte[] Body { get; }

    /// <summary>Scheme, host and port the client used; answers name their own address by it.</summary>
    public string BaseAddress { get; }

    /// <summary>The kind of call in the statistics, for example <c>customers.list</c>; set by the handler.</summary>
    public string Kind { get; set; } = "unknown";

    /// <summary>Rows read or written by the call; set by the handler.</summary>
    public int Rows { get; set; }

    public FaultDecision Faults { get; set; } = FaultDecision.None;

    /// <summary>Released when the answer has been sent (locks of rows).</summary>
    public Action? AfterSending { get; set; }

    public string? Header(string name) => _header(name);

    public string? Value(string name) => Query.TryGetValue(name, out var v) && v.Count > 0 && !string.IsNullOrEmpty(v[^1]) ? v[^1] : null;

    public bool TryReadJson(out JsonElement root)
    {
        try
        {
            using var document = JsonDocument.Parse(Body, new JsonDocumentOptions { MaxDepth = 64 });
            root = document.RootElement.Clone();
            if (Body.AsSpan().IndexOf("\\u"u8) >= 0)
            {
                ReadAllText(root);
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            root = default;
            return false;
        }
    }

    /// <summary>Half a surrogate pair is legal JSON but no text; it is found here once, not wherever a value is read.</summary>
    private static void ReadAllText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadAllText(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    ReadAllText(property.Value);
                }

                break;
        }
    }

    /// <summary>The same caller's request for another resource: a part of a composite call.</summary>
    public SimulatorRequest Part(string method, string target, Func<string, string?> header, byte[] body) =>
        new(method, target, name => header(name) ?? _header(name), body, BaseAddress) { Faults = Faults };
}
