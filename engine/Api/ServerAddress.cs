using System.Net;

namespace WorkflowEngine.Api;

/// <summary>Addresses that the server may listen on.</summary>
public static class ServerAddress
{
    /// <summary>Why it may not listen there, in one sentence; null when it may.</summary>
    /// <param name="url">The address.</param>
    /// <param name="access">How callers prove who they are.</param>
    public static string? ProblemOf(string url, AccessOptions access)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) return $"'{url}' is no address; expected one such as http://127.0.0.1:5080.";
        if (address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip))) return null;
        if (!access.IsConfigured) return $"Without configured authentication the server listens on loopback only; '{url}' is not. Use http://127.0.0.1:{address.Port}, or configure it with --auth keys or --auth oidc.";
        return address.Scheme == "http" && !access.BehindProxy ? $"'{url}' would send credentials in the clear. Use https, or say --behind-proxy if a proxy in front ends TLS." : null;
    }
}
