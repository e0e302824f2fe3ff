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

    public bool OwnsSource(string realm, string feed) => true;

    public long FencingToken(int lane) => 0;
}
