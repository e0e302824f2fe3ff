using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>Jobs spoken to with the template's names; the org hears its own.</summary>
internal sealed class NamedBulkWrites(IBulkWrites inner, NameMap names) : IBulkWrites
{
    public int LeastRows => inner.LeastRows;

    public int MostRows => inner.MostRows;

    public OperationError? Refusal(WriteBatch wave) => inner.Refusal(Kind(wave));

    public Task<Outcome<string>> CreateAsync(WriteBatch wave, CancellationToken cancellationToken) => inner.CreateAsync(Kind(wave), cancellationToken);

    public Task<Outcome<BulkStatus>> SendAsync(string job, WriteBatch wave, CancellationToken cancellationToken) => inner.SendAsync(job, names.Batch(wave), cancellationToken);

    public Task<Outcome<BulkStatus>> StatusAsync(string job, CallPriority priority, CancellationToken cancellationToken) => inner.StatusAsync(job, priority, cancellationToken);

    public Task<Outcome<BulkStatus>> AbortAsync(string job, CallPriority priority, CancellationToken cancellationToken) => inner.AbortAsync(job, priority, cancellationToken);

    public Task<Outcome<IReadOnlyList<Outcome<WriteResult>>>> ResultsAsync(string job, WriteBatch wave, CancellationToken cancellationToken) => inner.ResultsAsync(job, names.Batch(wave), cancellationToken);

    // The rows are not looked at: they are not translated either.
    private WriteBatch Kind(WriteBatch wave) => names.Batch(wave with { Items = [] });
}
