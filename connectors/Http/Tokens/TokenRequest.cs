using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Asks the vendor for a token; see <see cref="OAuthForm"/> for the usual form.</summary>
public delegate Task<Outcome<AccessToken>> TokenRequest(HttpClient client, RemoteCaller caller, CallPriority priority, CancellationToken cancellationToken);
