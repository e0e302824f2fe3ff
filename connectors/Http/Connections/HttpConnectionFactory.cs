using System.Net;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Builds the chain every call goes through: token, then budget, then host guard, then transport.</summary>
public static class HttpConnectionFactory
{
    /// <summary>A connection with tokens.</summary>
    /// <param name="options">How the vendor is reached.</param>
    /// <param name="tokenRequest">Fetches a token through the caller and client it is given (these carry no token); null = calls carry none.</param>
    public static HttpConnection Create(HttpConnectionOptions options, TokenRequest? tokenRequest = null)
    {
        var scrubber = new SecretScrubber(options.Secrets);
        var hosts = new HostGuard([options.BaseAddress, .. options.Origins]);
        var transport = options.Transport?.Invoke() ?? Sockets(options);
        var caller = new RemoteCaller(options, new HttpErrorClassifier(options.Context.Time, scrubber, options.Errors));
        if (tokenRequest is null) return new HttpConnection(Client(Chain(), options), caller, null, hosts, scrubber, transport);

        // Token answers are OAuth's, not the vendor's: general rules read them.
        var tokenCaller = new RemoteCaller(options, new HttpErrorClassifier(options.Context.Time, scrubber));
        var tokenClient = Client(Chain(), options);
        var tokens = new AccessTokens(options.Context.Time, scrubber, tokenClient, (priority, cancellationToken) => tokenRequest(tokenClient, tokenCaller, priority, cancellationToken));
        var client = Client(new OAuthTokenHandler(tokens, options.Authorize) { InnerHandler = Chain() }, options);
        options.Headers?.Invoke(client.DefaultRequestHeaders);
        return new HttpConnection(client, caller, tokens, hosts, scrubber, transport);

        DelegatingHandler Chain() => new GateHandler(options.Context.Gate, options.Context.Time, options.Observe)
        {
            InnerHandler = new HostGuardHandler(hosts) { InnerHandler = new SendTrackingHandler { InnerHandler = new SharedTransport(transport) } },
        };
    }

    private static HttpClient Client(HttpMessageHandler handler, HttpConnectionOptions options) => new(handler, disposeHandler: true)
    {
        BaseAddress = options.BaseAddress,
        // The caller limits each call on the engine's clock.
        Timeout = Timeout.InfiniteTimeSpan,
        // Also where a client buffers before we read.
        MaxResponseContentBufferSize = Math.Min(options.MostAnswerBytes, int.MaxValue),
    };

    private static SocketsHttpHandler Sockets(HttpConnectionOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        MaxConnectionsPerServer = options.MostConnections,
        MaxResponseHeadersLength = 64,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        ConnectTimeout = TimeSpan.FromSeconds(10),
        AutomaticDecompression = DecompressionMethods.All,
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, cancellationToken) => OutboundAddress.ConnectAsync(context.DnsEndPoint, options.AllowPrivate, cancellationToken),
    };

    // Two clients share one transport; it is disposed by the connection.
    private sealed class SharedTransport(HttpMessageHandler inner) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _invoker = new(inner, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _invoker.SendAsync(request, cancellationToken);
    }
}
