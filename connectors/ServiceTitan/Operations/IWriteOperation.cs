using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Writes one row of an entity.</summary>
internal interface IWriteOperation
{
    Task<Outcome<WriteResult>> WriteAsync(Session session, EntityAccess access, WriteItem item, CallPriority priority, CallTally tally, CancellationToken cancellationToken);
}
