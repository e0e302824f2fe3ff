namespace WorkflowEngine.Runtime;

/// <summary>Runs of this node that could compute right now. When it falls to zero nothing will join the waiting flushes, so they leave at once.</summary>
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
