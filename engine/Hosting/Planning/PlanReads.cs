using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>The reads of a connection that is open; they go last when the budget is short.</summary>
/// <param name="connection">The connection.</param>
/// <param name="identity">Tells it from others.</param>
/// <param name="memory">What another plan of the same comparison has read; null = this one is alone.</param>
internal sealed class PlanReads(IConnection connection, string identity, PlanMemory? memory) : IPlanReads
{
    public int MostItems(string entity, BatchKind kind) => connection.MostItems(entity, kind);

    public Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken) => memory is null
        ? AskAsync(batch, cancellationToken)
        : memory.ReadAsync(identity, batch, () => AskAsync(batch, cancellationToken));

    public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) => connection.DescribeAsync(entity, cancellationToken);

    private Task<BatchAnswer<ReadRows>> AskAsync(ReadBatch batch, CancellationToken cancellationToken) => connection.ReadAsync(batch with { Priority = CallPriority.Backfill }, cancellationToken);
}
