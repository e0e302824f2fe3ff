using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Reads of the inbox. Writes go through <see cref="IStoreWriter"/>.</summary>
public interface IInboxStore
{
    /// <summary>
    /// The oldest ready event of each key of a deployment that has one, in the order of (highest priority waiting in the key, id), without those
    /// <paramref name="inFlight"/>. An event behind a delayed one of its key is not ready. Asked per deployment, so that a paused one costs nothing and none starves another.
    /// </summary>
    /// <param name="deployment">The deployment.</param>
    /// <param name="lanes">Lanes asked for.</param>
    /// <param name="inFlight">What of the deployment is in flight.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<IReadOnlyList<ReadyEvent>> ReadReadyAsync(
        DeploymentRef deployment, IReadOnlyList<int> lanes, InFlight inFlight, int limit, CancellationToken cancellationToken);

    /// <summary>All events of one key in order of id, for superseding: one of them is ready and the others wait behind it. None when the key waits for a time.</summary>
    Task<IReadOnlyList<ReadyEvent>> ReadWaitingAsync(EventKey key, CancellationToken cancellationToken);

    /// <summary>Payloads and checkpoints, decrypted, in the order asked; an id that is gone is left out.</summary>
    Task<IReadOnlyList<EventWork>> ReadWorkAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken);

    /// <summary>Makes delayed events that are due ready and accepts planned ones that are due. Returns how many, and when the next one is due (null = none).</summary>
    Task<(int Woken, DateTimeOffset? NextDue)> WakeDueAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Makes the delayed event of a key ready at once (its wait ended early); nothing happens when it is not delayed.</summary>
    Task WakeAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken);

    /// <summary>Ends every wait of a deployment: its delayed events become ready, and what it has planned is due at once. Returns how many events it has in the lanes, planned ones among them.</summary>
    Task<long> WakeAllAsync(DeploymentRef deployment, IReadOnlyList<int> lanes, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Called when lanes come to this node, at the start of a single process for all of them: events of theirs that were claimed when their owner died uncleanly count one death more; events that
    /// wait for another run (<see cref="DelayEvent.ForAnotherRun"/>) or a job (<see cref="DelayEvent.ForJob"/>) become ready. Returns how many died.
    /// </summary>
    Task<int> RecoverAsync(IReadOnlyList<int> lanes, CancellationToken cancellationToken);

    /// <summary>True while an event of this trigger is accepted and not settled.</summary>
    Task<bool> IsPendingAsync(DeploymentRef deployment, string trigger, CancellationToken cancellationToken);

    /// <summary>Ready, behind and delayed events by deployment; for status and load shedding.</summary>
    Task<IReadOnlyList<BacklogCount>> CountAsync(CancellationToken cancellationToken);
}

/// <summary>A key of a deployment.</summary>
public readonly record struct EventKey(DeploymentRef Deployment, string Key);

/// <summary>A ready event without its payload.</summary>
public sealed record ReadyEvent
{
    public required long Id { get; init; }

    public required EventKey Key { get; init; }

    public required int Lane { get; init; }

    public required string Trigger { get; init; }

    public required EventKind Kind { get; init; }

    public string? Entity { get; init; }

    public string? RecordId { get; init; }

    public string? Version { get; init; }

    /// <summary>The highest priority waiting in its key.</summary>
    public required CallPriority Priority { get; init; }

    public required int Attempt { get; init; }

    /// <summary>Unclean deaths of the process while it was in flight.</summary>
    public required int Deaths { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required bool Full { get; init; }

    public long? ReplayOf { get; init; }

    /// <summary>Events of its key, itself included.</summary>
    public required int Waiting { get; init; }

    /// <summary>It holds its key: it was delayed, or is checkpointed and its process died. It goes on before everything else of the key, also before what is older.</summary>
    public bool Holds { get; init; }
}

/// <summary>What a run starts from.</summary>
/// <param name="Id">The event.</param>
/// <param name="Payload">The record or payload.</param>
/// <param name="Checkpoint">The state to go on from; null = from the start.</param>
public sealed record EventWork(long Id, byte[] Payload, byte[]? Checkpoint);

/// <summary>Events of one deployment by state.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Ready">May run.</param>
/// <param name="Behind">Wait for another event of their key.</param>
/// <param name="Delayed">Wait for a time.</param>
/// <param name="Backfill">Those of all of them that a backfill brought.</param>
public sealed record BacklogCount(DeploymentRef Deployment, long Ready, long Behind, long Delayed, long Backfill = 0);
