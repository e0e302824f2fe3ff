using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>One change of the store; a closed family.</summary>
public abstract record StoreChange;

/// <summary>Accepts events. A new event of a key that has a delayed one is stored as behind.</summary>
public sealed record AppendEvents(IReadOnlyList<NewEvent> Events) : StoreChange;

/// <summary>
/// Keeps an event for later outside the inbox, where it holds up nothing; what is planned under the same key and name is replaced. When it is due it is accepted, at the end of its key's line.
/// </summary>
/// <param name="Event">The event; never compared with others.</param>
/// <param name="Name">Tells apart what one key has planned.</param>
/// <param name="DueAt">When it is accepted.</param>
public sealed record PlanEvent(NewEvent Event, string Name, DateTimeOffset DueAt) : StoreChange;

/// <summary>Takes back what is planned under a key and name; nothing happens when nothing is.</summary>
public sealed record CancelPlanned(EventKey Key, string Name) : StoreChange;

/// <summary>Advances a source, in the transaction that accepts its page.</summary>
public sealed record SaveCursor(CursorKey Key, SourceCursor Cursor, DateTimeOffset At) : StoreChange;

/// <summary>Notes events as claimed, so that an unclean death is counted; not waited for.</summary>
public sealed record MarkClaimed(IReadOnlyList<long> EventIds) : StoreChange;

/// <summary>Removes an event and those it superseded, with checkpoints, and frees its key: rows behind it become ready.</summary>
public sealed record SettleEvent(EventKey Key, long EventId, IReadOnlyList<long> Superseded) : StoreChange;

/// <summary>Parks an event until a time; the key waits with it: its other ready rows become behind.</summary>
/// <param name="Key">Its key.</param>
/// <param name="EventId">The event.</param>
/// <param name="DueAt">When it becomes ready.</param>
/// <param name="Attempt">Its attempt from then on.</param>
/// <param name="Reason">Why, for people: <c>retry 2 of 8 of step contact: row lock</c>.</param>
public sealed record DelayEvent(EventKey Key, long EventId, DateTimeOffset DueAt, int Attempt, string Reason) : StoreChange
{
    /// <summary>The reason of an event that the answer to another run's create wakes; after a start nobody remembers to wake it, so it is woken at once.</summary>
    public const string ForAnotherRun = "another run is creating the record";

    /// <summary>The reason of an event whose row goes by a job of the vendor; after a start it is woken at once, to ask the job itself.</summary>
    public const string ForJob = "its row goes by a bulk job";
}

/// <summary>Stores the state to go on from; replaces the event's earlier one. Encrypted by the store.</summary>
public sealed record SaveCheckpoint(EventKey Key, long EventId, byte[] State) : StoreChange;

/// <summary>Claims links for a run, all or none. A row already claimed by the same run counts as claimed. Expired claims give way.</summary>
public sealed record ClaimLinks(string Run, IReadOnlyList<LinkKey> Keys, DateTimeOffset Now, DateTimeOffset ExpiresAt) : StoreChange;

/// <summary>Links keys to a record: those of a finished create, or an adoption. The keys with an end answer matches until then; without one they stay.</summary>
public sealed record LinkRecord(IReadOnlyList<LinkEnd> Links, string RecordId) : StoreChange;

/// <summary>A key of <see cref="LinkRecord"/> and when it ends; null = it stays.</summary>
public sealed record LinkEnd(LinkKey Key, DateTimeOffset? EndsAt);

/// <summary>Gives up a run's claims.</summary>
public sealed record ReleaseLinks(string Run) : StoreChange;

/// <summary>Forgets links whose record is gone or that were repointed.</summary>
public sealed record DropLinks(IReadOnlyList<LinkKey> Keys) : StoreChange;

/// <summary>What is remembered of a key; replaces the earlier one.</summary>
public sealed record SaveKeyState(EventKey Key, KeyState State) : StoreChange;

/// <summary>Adds a dead letter.</summary>
public sealed record AddDeadLetter(NewDeadLetter Letter) : StoreChange;

/// <summary>Closes open dead letters: one, or all older ones of a key after a success.</summary>
public sealed record CloseDeadLetters(DeploymentRef Deployment, string? Key, long? Id, DeadLetterState State, string Note, DateTimeOffset At) : StoreChange;

/// <summary>The small row of a finished run.</summary>
public sealed record AddRun(RunRow Run) : StoreChange;

/// <summary>Remote writes, indexed by record.</summary>
public sealed record AddEffects(IReadOnlyList<EffectRow> Effects) : StoreChange;

/// <summary>One compressed block of explanation, with the runs in it by offset and length.</summary>
public sealed record AppendJournal(string Workspace, DateTimeOffset At, ReadOnlyMemory<byte> Block, IReadOnlyList<JournalEntry> Entries) : StoreChange;

/// <summary>Opens an incident, or counts it once more.</summary>
public sealed record RaiseIncident(string Workspace, Guid? Deployment, string Fingerprint, string Message, DateTimeOffset At) : StoreChange;

/// <summary>The incident is over.</summary>
public sealed record RecoverIncident(string Workspace, Guid? Deployment, string Fingerprint, DateTimeOffset At) : StoreChange;

/// <summary>A question for a person.</summary>
public sealed record OpenReview(NewReview Review) : StoreChange;

/// <summary>What a person decided; nothing happens when it was decided before.</summary>
public sealed record DecideReview(string Workspace, string Id, ReviewDecision Decision, string? RecordId, string? Comment, string By, DateTimeOffset At) : StoreChange;

/// <summary>What is planned under a key and name is due then, if that is sooner; nothing happens when nothing is.</summary>
public sealed record HastenPlanned(EventKey Key, string Name, DateTimeOffset DueAt) : StoreChange;

/// <summary>Where a backfill stands, in the transaction that accepts its page; one that was cancelled or has ended stays as it is.</summary>
public sealed record SaveBackfill(Backfill Backfill) : StoreChange
{
    /// <summary>Events of the same set that are new are added to those it accepted: only the store knows how many were known already.</summary>
    public bool CountsEvents { get; init; }

    /// <summary>The backfill as it is stored.</summary>
    /// <param name="added">New events of the set.</param>
    public Backfill With(int added) => CountsEvents ? Backfill with { Accepted = Backfill.Accepted + added } : Backfill;
}

/// <summary>The vendor's job of a wave, or what became of it.</summary>
public sealed record SaveBulkJob(BulkJob Job) : StoreChange;

/// <summary>The state of a deployment, so that a pause outlives the process.</summary>
public sealed record SaveDeploymentState(DeploymentRef Deployment, DeploymentState State, string? PausedBecause) : StoreChange;
