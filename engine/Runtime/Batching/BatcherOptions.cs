namespace WorkflowEngine.Runtime;

/// <summary>How asks are joined.</summary>
public sealed record BatcherOptions
{
    /// <summary>Most calls in flight per batch key while full calls wait; one otherwise.</summary>
    public int MostInFlight { get; init; } = 4;

    /// <summary>Longest wait of a call that is not full while runs of this node could still join.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>False: every row is a call of its own. The end state is the same; for comparison.</summary>
    public bool Join { get; init; } = true;
}
