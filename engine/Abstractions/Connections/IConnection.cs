namespace WorkflowEngine.Abstractions;

/// <summary>A connector bound to one account. Reached only through the batcher, so budgets, priorities, journal and dry runs hold everywhere. No method throws for a failure of the outside.</summary>
public interface IConnection : IAsyncDisposable
{
    /// <summary>Authenticates and finds the realm. Called before anything else, and again after <see cref="ErrorKind.Authentication"/>.</summary>
    Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Most items the vendor takes in one batch of this kind; the batcher fills up to it.</summary>
    /// <param name="entity">The entity, or the operation's name for <see cref="BatchKind.Call"/>.</param>
    /// <param name="kind">The kind of batch.</param>
    int MostItems(string entity, BatchKind kind);

    /// <summary>Reads records for several askers.</summary>
    Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken);

    /// <summary>Sums over records for several askers. What cannot sum says <see cref="ErrorKind.Misconfigured"/> with the code <c>notSupported</c>: the engine reads and sums itself.</summary>
    Task<BatchAnswer<ReadRows>> AggregateAsync(AggregateBatch batch, CancellationToken cancellationToken) =>
        Task.FromResult(BatchAnswer<ReadRows>.Failed(new OperationError(ErrorKind.Misconfigured, "notSupported", $"Records of {batch.Entity} cannot be summed by the vendor.") { NotExecuted = true }, 0));

    /// <summary>Writes records; rows are judged one by one (<c>allOrNone</c> is false).</summary>
    Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken);

    /// <summary>Runs a named operation.</summary>
    Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken);

    /// <summary>Asks a feed for its next page.</summary>
    Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Verifies a call by which the vendor tells of changes, and says at which records it hints; none for what flows cannot start from. <see cref="ErrorKind.Authentication"/>: the
    /// signature is missing or wrong; <see cref="ErrorKind.Rejected"/>: the body is none of the vendor's; <see cref="ErrorKind.Misconfigured"/>: the connection takes no such calls.
    /// </summary>
    Outcome<IReadOnlyList<WebhookHint>> ReadWebhook(WebhookCall call) => new OperationError(ErrorKind.Misconfigured, "notSupported", "This connection takes no webhooks.") { NotExecuted = true };

    /// <summary>Writes by jobs of very many rows, for backfills; null when the vendor has none.</summary>
    IBulkWrites? BulkWrites => null;

    /// <summary>Reads by jobs of very many records, for backfills; null when the vendor has none.</summary>
    IBulkReads? BulkReads => null;

    /// <summary>Makes fields that flows require; null when the vendor's are what they are.</summary>
    IOrgSetup? Setup => null;

    /// <summary>Tells people of incidents; null for a system that records live in.</summary>
    IAlertChannel? Alerts => null;

    /// <summary>Reads what the org knows about an entity; fields the running user cannot see are absent.</summary>
    Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken);
}
