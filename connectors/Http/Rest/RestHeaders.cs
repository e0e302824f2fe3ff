using System.Collections.Frozen;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Which headers a flow may set.</summary>
public static class RestHeaders
{
    // What frames the message, names the host or signs in is the connection's own.
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "Authorization", "Proxy-Authorization", "Cookie", "Host", "Connection", "Content-Length", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Expect", "Keep-Alive",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The connection sets it itself.</summary>
    public static bool IsReserved(string name) => Reserved.Contains(name);
}
