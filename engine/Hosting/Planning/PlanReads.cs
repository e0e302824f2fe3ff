using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>The reads of a connection that is open; they go last when the budget is short.</summary>
internal sealed class PlanReads(IConnection connection) : IPlanReads
{
    public int MostItems(string entity, BatchKind kind) => connection.MostItems(entity, kind);

    public Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken) =>
        connection.ReadAsync(batch with { Priority = CallPriority.Backfill }, cancellationToken);

    public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) => connection.DescribeAsync(entity, cancellationToken);
}
