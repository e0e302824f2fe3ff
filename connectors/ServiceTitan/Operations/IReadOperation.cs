using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Reads one entity where the general way does not fit.</summary>
internal interface IReadOperation
{
    Task<BatchAnswer<ReadRows>> ReadAsync(Session session, EntityAccess access, ReadBatch batch, CancellationToken cancellationToken);
}
