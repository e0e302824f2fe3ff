using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>All that a plan reaches of a connection. There is no way to write here: that is what makes a plan safe, not care.</summary>
internal interface IPlanReads
{
    int MostItems(string entity, BatchKind kind);

    Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken);

    Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken);
}
