namespace WorkflowEngine.Abstractions;

/// <summary>What a job reads.</summary>
public sealed record BulkRead
{
    /// <summary>The entity.</summary>
    public required string Entity { get; init; }

    /// <summary>Paths to read; the id and version fields are always read.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    /// <summary>Which records.</summary>
    public required Condition Condition { get; init; }

    /// <summary>Also deleted records.</summary>
    public bool WithDeleted { get; init; }

    /// <summary>Who goes first when the budget is short.</summary>
    public CallPriority Priority { get; init; } = CallPriority.Backfill;
}
