using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Where an event comes from; decides what counts as the same event.</summary>
public enum EventKind
{
    /// <summary>A change of a record: dropped only if equal to the newest one of its record.</summary>
    Change = 0,

    /// <summary>A delivery with an id: unique for 7 days.</summary>
    Delivery = 1,

    /// <summary>A replay of a dead letter or run; with an id unique for 7 days, as a delivery.</summary>
    Replay = 2,

    /// <summary>Started by a person, or a delivery without an id; never deduplicated.</summary>
    Manual = 3,
}

/// <summary>An event to be accepted. Immutable once stored.</summary>
public sealed record NewEvent
{
    public required DeploymentRef Deployment { get; init; }

    /// <summary>The trigger's id.</summary>
    public required string Trigger { get; init; }

    public required EventKind Kind { get; init; }

    /// <summary>Events of one key run strictly in order.</summary>
    public required string Key { get; init; }

    public required int Lane { get; init; }

    /// <summary>For a change: the entity.</summary>
    public string? Entity { get; init; }

    /// <summary>For a change: the record.</summary>
    public string? RecordId { get; init; }

    /// <summary>Orders readings of the record (ordinal); null when unknown.</summary>
    public string? Version { get; init; }

    /// <summary>How the content of an event that only hints at its record begins; hints are compared with hints of the record from the same feed only.</summary>
    public const string Hint = "hint ";

    /// <summary>What the content is compared with: the contents of the record itself, or of the hints of one feed.</summary>
    public string? Compared => ContentHash?.StartsWith(Hint, StringComparison.Ordinal) == true ? $"{Entity}#{ContentHash[..ContentHash.LastIndexOf(' ')]}" : Entity;

    /// <summary>For a change: a hash of the row's content.</summary>
    public string? ContentHash { get; init; }

    /// <summary>For a delivery, and for a replay that must not happen twice: its id.</summary>
    public string? DeliveryId { get; init; }

    /// <summary>The record or payload, encoded. Encrypted by the store.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>The payload is the full record; false = a hint, the record is read at claim.</summary>
    public required bool Full { get; init; }

    public required CallPriority Priority { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>For a replay: the dead letter it comes from.</summary>
    public long? ReplayOf { get; init; }

    /// <summary>A state to go on from (replay from a step). Encrypted by the store. Null = from the start.</summary>
    public byte[]? Checkpoint { get; init; }

    /// <summary>When it becomes ready; until then it is stored as delayed. Null = at once.</summary>
    public DateTimeOffset? DueAt { get; init; }
}
