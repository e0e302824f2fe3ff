using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>What became of a dead letter.</summary>
public enum DeadLetterState
{
    Open = 0,

    /// <summary>Replayed; a new event is linked to it.</summary>
    Replayed = 1,

    /// <summary>Discarded by a person with a reason.</summary>
    Discarded = 2,

    /// <summary>A later success of the same key closed it.</summary>
    Superseded = 3,
}

/// <summary>A dead letter to be stored.</summary>
public sealed record NewDeadLetter
{
    public required DeploymentRef Deployment { get; init; }

    public required string FlowHash { get; init; }

    public required string Trigger { get; init; }

    public required EventKind Kind { get; init; }

    public required string Key { get; init; }

    public string? Entity { get; init; }

    public string? RecordId { get; init; }

    public string? Version { get; init; }

    public required byte[] Payload { get; init; }

    public required bool Full { get; init; }

    /// <summary>The run's state when it failed: outputs so far, counter at the failed step; null when it failed before it began.</summary>
    public byte[]? State { get; init; }

    public required string RunId { get; init; }

    /// <summary>The failed step's name, or <c>key</c>, <c>filter</c>, <c>with</c> of the trigger.</summary>
    public required string Step { get; init; }

    /// <summary>File, line and column of the step.</summary>
    public string? Place { get; init; }

    public required ErrorKind ErrorKind { get; init; }

    public required string Code { get; init; }

    public required string Message { get; init; }

    /// <summary>Groups equal failures: an incident.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>All attempts, as text lines.</summary>
    public required IReadOnlyList<string> Attempts { get; init; }

    public required DateTimeOffset At { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required CallPriority Priority { get; init; }
}

/// <summary>A dead letter as stored.</summary>
public sealed record DeadLetter(long Id, NewDeadLetter Content, DeadLetterState State, string? Note, DateTimeOffset? ClosedAt);
