using Grpc.Core;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Streams;

/// <summary>What a broken subscription means. The vendor's trailer <c>error-code</c> says more than the status.</summary>
/// <param name="Error">The same for the engine.</param>
/// <param name="LostPlace">The replay id is unknown or too old: the stamp takes over.</param>
/// <param name="Exhausted">The allowance of deliveries is used up: polling takes over for a while.</param>
/// <param name="Unauthorized">The token is refused.</param>
internal sealed record StreamFault(OperationError Error, bool LostPlace, bool Exhausted, bool Unauthorized)
{
    public static StreamFault Of(RpcException failure)
    {
        var code = failure.Trailers.GetValue("error-code") ?? failure.StatusCode.ToString();
        var unauthorized = failure.StatusCode == StatusCode.Unauthenticated || code.Contains(".auth.", StringComparison.Ordinal);
        var lost = code.Contains("replayid", StringComparison.Ordinal);
        var exhausted = code.EndsWith("subscription.limit.exceeded", StringComparison.Ordinal) || code.EndsWith("client.limit.exceeded", StringComparison.Ordinal) || failure.StatusCode == StatusCode.ResourceExhausted;
        var kind = unauthorized ? ErrorKind.Authentication
            : exhausted ? ErrorKind.RateLimited
            : failure.StatusCode is StatusCode.NotFound or StatusCode.PermissionDenied || (failure.StatusCode == StatusCode.InvalidArgument && !lost) ? ErrorKind.Misconfigured
            : ErrorKind.Transient;
        return new StreamFault(new OperationError(kind, code, failure.Status.Detail) { NotExecuted = true }, lost, exhausted, unauthorized);
    }
}
