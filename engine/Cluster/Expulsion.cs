using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Cluster;

/// <summary>Hears that the others took this node for dead, where the default would kill the process in the middle of everything: its leases are gone already, and what it holds in memory is void.</summary>
internal sealed class Expulsion(ILogger log) : IFatalErrorHandler
{
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Happened => _happened.Task;

    public bool IsUnexpected(Exception exception) => exception is not (ThreadAbortException or OperationCanceledException);

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        ClusterLog.Expelled(log, exception?.Message ?? context ?? "no reason was given");
        _happened.TrySetResult();
    }
}
