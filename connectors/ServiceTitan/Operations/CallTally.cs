namespace WorkflowEngine.ServiceTitan;

/// <summary>Counts the calls a batch took; its rows run side by side.</summary>
internal sealed class CallTally
{
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public void Add() => Interlocked.Increment(ref _calls);
}
