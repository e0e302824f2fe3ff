namespace WorkflowEngine.Abstractions;

/// <summary>The realm's budget. Every remote call passes it: token, limit, describe and poll calls count too.</summary>
public interface ICallGate
{
    /// <summary>Waits at most 2 seconds for a place in the budget; longer waits are answered as <see cref="ErrorKind.RateLimited"/> or <see cref="ErrorKind.Quota"/> with the time.</summary>
    /// <param name="priority">Who is asking.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null when the call may go out, else why not.</returns>
    ValueTask<OperationError?> EnterAsync(CallPriority priority, CancellationToken cancellationToken);

    /// <summary>Tells what the vendor said about its limits.</summary>
    /// <param name="used">Calls used in the vendor's window of 24 hours.</param>
    /// <param name="limit">Calls allowed in it.</param>
    void Observe(long used, long limit);

    /// <summary>The vendor asked to pause all calls of the realm.</summary>
    /// <param name="pause">How long.</param>
    void Pause(TimeSpan pause);
}
