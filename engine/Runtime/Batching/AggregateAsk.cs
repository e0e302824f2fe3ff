using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>What one run wants summed by the vendor.</summary>
public sealed record AggregateAsk
{
    public required BoundConnection Connection { get; init; }

    public required string Entity { get; init; }

    public required Condition Condition { get; init; }

    public IReadOnlyList<string> GroupBy { get; init; } = [];

    public IReadOnlyList<AggregateColumn> Columns { get; init; } = [];

    public required int RowCap { get; init; }

    public bool IncludeInactive { get; init; }

    public required CallPriority Priority { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
