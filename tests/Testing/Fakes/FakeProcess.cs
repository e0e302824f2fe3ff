namespace WorkflowEngine.Testing;

/// <summary>A process that can be killed: from then on nothing it does reaches the store or a vendor, and nothing answers it.</summary>
public sealed class FakeProcess
{
    private readonly Lock _gate = new();
    private bool _dead;

    public bool IsDead
    {
        get
        {
            lock (_gate) return _dead;
        }
    }

    /// <summary>What has begun ends before; nothing begins any more.</summary>
    public void Kill()
    {
        lock (_gate) _dead = true;
    }

    /// <summary>Does what reaches beyond the process, wholly or, when it is dead, never: then the task does not end.</summary>
    public Task<T> DoAsync<T>(Func<T> work)
    {
        lock (_gate) return _dead ? new TaskCompletionSource<T>().Task : Task.FromResult(work());
    }

    /// <summary>Never ends once the process is dead.</summary>
    public Task AliveAsync() => DoAsync(static () => true);
}
