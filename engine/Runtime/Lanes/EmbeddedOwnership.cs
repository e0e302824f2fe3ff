namespace WorkflowEngine.Runtime;

/// <summary>One process: it owns everything.</summary>
public sealed class EmbeddedOwnership : IOwnership
{
    public IReadOnlyList<int> OwnedLanes { get; } = [.. Enumerable.Range(0, Lane.Count)];

    public event Action? Changed
    {
        add { }
        remove { }
    }

    public bool Owns(int lane) => true;

    public long FencingToken(int lane) => 0;

    public ValueTask<bool> MayCallAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
