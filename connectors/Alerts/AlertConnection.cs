using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Alerts;

/// <summary>A connection that only tells people something: there is nothing in it to read or to write.</summary>
internal abstract class AlertConnection(string connector, string receiver) : IConnection, IAlertChannel
{
    private static readonly OperationError NoRecords = new(ErrorKind.Misconfigured, "notSupported", "This connection sends alerts; it has no records.") { NotExecuted = true };

    public IAlertChannel Alerts => this;

    public virtual Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<ConnectionInfo>>(new ConnectionInfo($"{connector}:{receiver}", new RealmBudget()));

    public abstract Task<OperationError?> SendAsync(Alert alert, CancellationToken cancellationToken);

    public int MostItems(string entity, BatchKind kind) => 1;

    public Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken) => Task.FromResult(BatchAnswer<ReadRows>.Failed(NoRecords, 0));

    public Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken) => Task.FromResult(BatchAnswer<WriteResult>.Failed(NoRecords, 0));

    public Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken) =>
        Task.FromResult(BatchAnswer<IReadOnlyDictionary<string, object?>>.Failed(NoRecords, 0));

    public Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken) => Task.FromResult<Outcome<SourcePage>>(NoRecords);

    public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) => Task.FromResult<Outcome<EntityDescriptor>>(NoRecords);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
