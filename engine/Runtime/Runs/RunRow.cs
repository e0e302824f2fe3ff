using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    Succeeded = 0,

    /// <summary>Ended by <c>stop</c>.</summary>
    Stopped = 1,

    /// <summary>Dropped by the trigger's filter.</summary>
    Filtered = 2,

    /// <summary>Nothing the flow reads has changed, or it was our own write.</summary>
    Unchanged = 3,

    /// <summary>A newer change was applied, or took its place.</summary>
    Superseded = 4,

    /// <summary>Became a dead letter.</summary>
    Failed = 5,
}

/// <summary>The small row of a finished run.</summary>
public sealed record RunRow
{
    /// <summary>Time-ordered and unique in the workspace.</summary>
    public required string Id { get; init; }

    public required DeploymentRef Deployment { get; init; }

    public required string FlowHash { get; init; }

    public required long EventId { get; init; }

    public required string Trigger { get; init; }

    public required string Key { get; init; }

    public string? RecordId { get; init; }

    public required RunOutcome Outcome { get; init; }

    /// <summary>The text of <c>stop</c>, or the error's message, redacted; null = none.</summary>
    public string? Text { get; init; }

    /// <summary>When the event was accepted.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    public required int Attempts { get; init; }

    public required int Effects { get; init; }

    public required CallPriority Priority { get; init; }

    public long? ReplayOf { get; init; }
}
