namespace WorkflowEngine.Runtime;

/// <summary>What became of the wish to replay a run.</summary>
/// <param name="EventId">The new event; null when it was refused, or replayed already.</param>
/// <param name="Refusal">Why not; null = it is replayed.</param>
public sealed record RunReplay(long? EventId, RunReplayRefusal? Refusal)
{
    /// <summary>The dead letter that was closed.</summary>
    public DeadLetter? Letter { get; init; }

    public static RunReplay Of(long? eventId) => new(eventId, null);

    public static RunReplay Refused(RunReplayRefusal why) => new(null, why);
}

/// <summary>Why a run is not replayed.</summary>
public enum RunReplayRefusal
{
    /// <summary>It did not fail, so that there is no step to go on from.</summary>
    DidNotFail = 1,

    /// <summary>It was not begun by a record, and what it was handed is deleted when a run ended well.</summary>
    NotKept = 2,

    /// <summary>The active version has no such trigger.</summary>
    NoTrigger = 3,

    /// <summary>Its dead letter was discarded, or a later success of its key closed it.</summary>
    Closed = 4,
}
