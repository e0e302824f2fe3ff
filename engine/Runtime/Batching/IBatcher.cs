using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>
/// The only way to a connector: joins the asks of many runs into the vendor's bulk forms. The caller counts as runnable when it calls and when the
/// answer comes; in between the batcher takes it out of the <see cref="RunnableCounter"/>.
/// </summary>
public interface IBatcher
{
    Task<Answer<ReadRows>> ReadAsync(ReadAsk ask, CancellationToken cancellationToken);

    Task<Answer<ReadRows>> AggregateAsync(AggregateAsk ask, CancellationToken cancellationToken);

    Task<Answer<WriteResult>> WriteAsync(WriteAsk ask, CancellationToken cancellationToken);

    Task<Answer<IReadOnlyDictionary<string, object?>>> CallAsync(CallAsk ask, CancellationToken cancellationToken);
}
