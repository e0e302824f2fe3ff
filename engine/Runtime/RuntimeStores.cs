namespace WorkflowEngine.Runtime;

/// <summary>The ports of the store that the runtime stands on.</summary>
public sealed record RuntimeStores
{
    public required IStoreWriter Writer { get; init; }

    public required IInboxStore Inbox { get; init; }

    public required IKeyStateStore KeyStates { get; init; }

    public required ILinkStore Links { get; init; }

    public required ICursorStore Cursors { get; init; }

    public required IDeadLetterStore DeadLetters { get; init; }

    public required IIncidentStore Incidents { get; init; }

    public required IHistoryStore History { get; init; }

    public required IReviewStore Reviews { get; init; }

    public required IBackfillStore Backfills { get; init; }

    public required IBulkJobStore BulkJobs { get; init; }

    public required IRunStore Runs { get; init; }
}
