namespace WorkflowEngine.Testing;

/// <summary>A process that can be killed: from then on nothing it does reaches the store or a vendor, and nothing answers it.</summary>
public sealed class FakeProcess
{
    private volatile bool _dead;

    public bool IsDead => _dead;

    public void Kill() => _dead = true;

    /// <summary>Never ends once the process is dead.</summary>
    public Task AliveAsync() => _dead ? new TaskCompletionSource().Task : Task.CompletedTask;
}
