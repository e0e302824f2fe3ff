namespace WorkflowEngine.Connectors.Http;

/// <summary>The parts of one connection: clients for calls and for tokens, both through the same budget, guard and transport.</summary>
public sealed class HttpConnection : IDisposable
{
    private readonly HttpMessageHandler _transport;

    internal HttpConnection(HttpClient client, RemoteCaller caller, AccessTokens? tokens, HostGuard hosts, SecretScrubber scrubber, HttpMessageHandler transport)
    {
        Client = client;
        Caller = caller;
        Tokens = tokens;
        Hosts = hosts;
        Scrubber = scrubber;
        _transport = transport;
    }

    /// <summary>For <c>RestService.For</c>: carries token, gate and guard. Its methods return <see cref="HttpResponseMessage"/> and are run by <see cref="Caller"/>.</summary>
    public HttpClient Client { get; }

    /// <summary>Runs the methods of the vendor's interface.</summary>
    public RemoteCaller Caller { get; }

    /// <summary>The tokens; null when the connection has none.</summary>
    public AccessTokens? Tokens { get; }

    /// <summary>The origins that may be called.</summary>
    public HostGuard Hosts { get; }

    /// <summary>Removes secrets from texts.</summary>
    public SecretScrubber Scrubber { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Client.Dispose();
        Tokens?.Dispose();
        _transport.Dispose();
    }
}
