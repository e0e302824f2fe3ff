namespace WorkflowEngine.Connectors.Http;

/// <summary>The origins (scheme, host, port) a connection may call. Addresses that an answer names (next pages, instance hosts) are held to them.</summary>
public sealed class HostGuard
{
    private volatile string[] _origins;

    internal HostGuard(IEnumerable<Uri> origins) => _origins = [.. origins.Select(Origin).Distinct()];

    /// <summary>Whether an address may be called.</summary>
    public bool Allows(Uri address) => address.IsAbsoluteUri && string.IsNullOrEmpty(address.UserInfo) && _origins.Contains(Origin(address));

    /// <summary>Adds an origin that the connector has checked itself, such as the host a token answer names.</summary>
    public void Add(Uri origin) => _origins = [.. _origins.Append(Origin(origin)).Distinct()];

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority).ToUpperInvariant();
}
