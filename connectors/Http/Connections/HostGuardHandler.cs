using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Stops a request to an origin that is not the connection's.</summary>
internal sealed class HostGuardHandler(HostGuard hosts) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { } address && hosts.Allows(address)) return base.SendAsync(request, cancellationToken);
        throw new CallRefusedException(new OperationError(ErrorKind.Misconfigured, "outboundRefused", $"The address {request.RequestUri?.Host} does not belong to this connection.") { NotExecuted = true });
    }
}
