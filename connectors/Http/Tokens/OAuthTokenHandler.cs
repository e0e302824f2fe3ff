using System.Net;
using System.Net.Http.Headers;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Puts the token on each request. A 401 is answered by one fresh token and one replay: a 401 changes nothing at the vendor.</summary>
internal sealed class OAuthTokenHandler(AccessTokens tokens, Action<HttpRequestMessage, AccessToken>? authorize) : DelegatingHandler
{
    private static readonly HttpRequestOptionsKey<CallPriority> PriorityKey = new(CallProperties.Priority);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var priority = request.Options.TryGetValue(PriorityKey, out var given) ? given : CallPriority.Live;
        // An array can be sent twice as it is.
        if (request.Content is not (null or ReplayableContent or ByteArrayContent)) await request.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        var token = await TokenAsync(priority, cancellationToken).ConfigureAwait(false);
        Authorize(request, token);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized) return response;

        response.Dispose();
        tokens.Refuse(token);
        Authorize(request, await TokenAsync(priority, cancellationToken).ConfigureAwait(false));
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AccessToken> TokenAsync(CallPriority priority, CancellationToken cancellationToken)
    {
        var outcome = await tokens.GetAsync(priority, cancellationToken).ConfigureAwait(false);
        return outcome.Error is { } error ? throw new CallRefusedException(error) : outcome.Value!;
    }

    private void Authorize(HttpRequestMessage request, AccessToken token)
    {
        if (authorize is not null) authorize(request, token);
        else request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
    }
}
