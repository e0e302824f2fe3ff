using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>What one run wants read; the batcher joins equal kinds of many runs.</summary>
public sealed record ReadAsk
{
    public required BoundConnection Connection { get; init; }

    public required string Entity { get; init; }

    public required IReadOnlyList<string> Fields { get; init; }

    public required Condition Condition { get; init; }

    public IReadOnlyList<OrderTerm> OrderBy { get; init; } = [];

    public int RowCap { get; init; } = 200;

    public bool IncludeInactive { get; init; }

    /// <summary>Only deleted records that can be restored.</summary>
    public bool Deleted { get; init; }

    public required CallPriority Priority { get; init; }

    /// <summary>The step that asks; null = none (a trigger reading its record).</summary>
    public string? Step { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
