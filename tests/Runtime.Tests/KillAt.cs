namespace WorkflowEngine.Runtime.Tests;

/// <summary>The process dies at a boundary, counted from 1; 0 = never.</summary>
internal sealed class KillAt(int at) : IEffectBoundary
{
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    public int Count => _count;

    public Task Killed => _killed.Task;

    public Action? Kill { get; set; }

    public void Reached(EffectMoment moment, string runId, string step)
    {
        if (Interlocked.Increment(ref _count) != at) return;
        Kill!();
        _killed.TrySetResult();
    }
}
