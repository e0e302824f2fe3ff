namespace WorkflowEngine.Runtime;

/// <summary>Tells the owner of lanes that something may be ready: new events, a freed key, a time that has come.</summary>
public sealed class LaneSignal
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    /// <summary>Raised on the thread of <see cref="Raise"/>.</summary>
    public event Action? Raised;

    /// <summary>Signals; several before a wait count as one.</summary>
    public void Raise()
    {
        try
        {
            if (_signal.CurrentCount == 0) _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Two raised at once: one is enough.
        }

        Raised?.Invoke();
    }

    /// <summary>Waits for the next signal.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);
}
