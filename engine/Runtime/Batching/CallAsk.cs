using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>A named operation one run wants called.</summary>
public sealed record CallAsk
{
    public required BoundConnection Connection { get; init; }

    public required string Operation { get; init; }

    public required IReadOnlyDictionary<string, object?> With { get; init; }

    public ChangeSet? Before { get; init; }

    public bool Repeatable { get; init; }

    public required CallPriority Priority { get; init; }

    /// <summary>The step that asks; null = none (a trigger reading its record).</summary>
    public string? Step { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
