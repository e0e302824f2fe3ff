using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Runs one named operation for one asker.</summary>
internal interface ICallOperation
{
    Task<Outcome<IReadOnlyDictionary<string, object?>>> CallAsync(Session session, OperationDescriptor operation, IReadOnlyDictionary<string, object?> with, CallPriority priority, CallTally tally, CancellationToken cancellationToken);
}
