namespace WorkflowEngine.Runtime;

/// <summary>
/// Runs of this node that could compute right now. When it falls to zero nothing will join the waiting flushes, so they leave at once.
/// A run enters when it starts or is resumed and leaves when it ends or is parked; while it waits for the batcher, the batcher leaves and enters for it.
/// </summary>
public sealed class RunnableCounter
{
    private int _count;

    /// <summary>Raised when the counter falls to zero.</summary>
    public event Action? Idle;

    public int Count => Volatile.Read(ref _count);

    /// <summary>A run became runnable.</summary>
    public void Enter() => Interlocked.Increment(ref _count);

    /// <summary>A run waits for an answer, is parked or ended.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0) Idle?.Invoke();
    }
}
