using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>Jobs that read, spoken to with the template's names; the org hears its own.</summary>
internal sealed class NamedBulkReads(IBulkReads inner, NameMap names) : IBulkReads
{
    public Task<Outcome<string>> StartAsync(BulkRead read, CancellationToken cancellationToken) => inner.StartAsync(InOrg(read), cancellationToken);

    public Task<Outcome<BulkStatus>> StatusAsync(string job, CallPriority priority, CancellationToken cancellationToken) => inner.StatusAsync(job, priority, cancellationToken);

    public async Task<Outcome<BulkPage>> PageAsync(string job, BulkRead read, string? place, int most, CancellationToken cancellationToken)
    {
        var page = await inner.PageAsync(job, InOrg(read), place, most, cancellationToken).ConfigureAwait(false);
        return page.Succeeded ? page.Value with { Rows = [.. page.Value.Rows.Select(r => names.Row(read.Entity, r))] } : page;
    }

    private BulkRead InOrg(BulkRead read) => read with
    {
        Entity = names.Entity(read.Entity), Fields = names.Paths(read.Entity, read.Fields), Condition = names.Condition(read.Entity, read.Condition),
    };
}
