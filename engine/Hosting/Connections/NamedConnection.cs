using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>A connection spoken to with the template's names; the org hears its own. Belongs to a deployment; the connection behind it does not, and is not disposed here.</summary>
internal sealed class NamedConnection(IConnection inner, NameMap names) : IConnection
{
    public IBulkWrites? BulkWrites { get; } = inner.BulkWrites is { } jobs ? new NamedBulkWrites(jobs, names) : null;

    public IBulkReads? BulkReads { get; } = inner.BulkReads is { } jobs ? new NamedBulkReads(jobs, names) : null;

    /// <summary>Speaks the org's own names: what is made there is seen by people there.</summary>
    public IOrgSetup? Setup => inner.Setup;

    /// <summary>The template's names and the org's.</summary>
    public NameMap Names => names;

    public Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken) => inner.OpenAsync(cancellationToken);

    public int MostItems(string entity, BatchKind kind) => inner.MostItems(names.Entity(entity), kind);

    public async Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken)
    {
        var entity = batch.Entity;
        var answer = await inner.ReadAsync(
            batch with
            {
                Entity = names.Entity(entity), Fields = names.Paths(entity, batch.Fields), Conditions = [.. batch.Conditions.Select(c => names.Condition(entity, c))],
                OrderBy = [.. batch.OrderBy.Select(o => o with { Path = names.Path(entity, o.Path) })],
            },
            cancellationToken).ConfigureAwait(false);
        return Map(answer, rows => rows with { Rows = [.. rows.Rows.Select(r => names.Row(entity, r))] });
    }

    public async Task<BatchAnswer<ReadRows>> AggregateAsync(AggregateBatch batch, CancellationToken cancellationToken)
    {
        var entity = batch.Entity;
        var answer = await inner.AggregateAsync(
            batch with
            {
                Entity = names.Entity(entity), Conditions = [.. batch.Conditions.Select(c => names.Condition(entity, c))], GroupBy = names.Paths(entity, batch.GroupBy),
                Columns = [.. batch.Columns.Select(c => c with { Path = names.Path(entity, c.Path) })],
            },
            cancellationToken).ConfigureAwait(false);
        var columns = batch.Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        return Map(answer, rows => rows with { Rows = [.. rows.Rows.Select(r => Group(r))] });

        Dictionary<string, object?> Group(IReadOnlyDictionary<string, object?> row)
        {
            var result = row.Where(v => columns.Contains(v.Key) || v.Key == "count").ToDictionary(v => v.Key, v => v.Value);
            foreach (var path in batch.GroupBy) result[path] = row.GetValueOrDefault(names.Path(entity, path));
            return result;
        }
    }

    public async Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        var answer = await inner.WriteAsync(names.Batch(batch), cancellationToken).ConfigureAwait(false);
        return Map(answer, result => result.Record is { } record ? result with { Record = names.Row(batch.Entity, record) } : result);
    }

    public Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken) => inner.CallAsync(batch, cancellationToken);

    public async Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken)
    {
        var page = await inner.PollAsync(request with { Entity = names.Entity(request.Entity) }, cancellationToken).ConfigureAwait(false);
        if (!page.Succeeded) return page;
        return page.Value with { Rows = [.. page.Value.Rows.Select(r => r.Record is { } record ? r with { Record = names.Row(request.Entity, record) } : r)] };
    }

    public async Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken)
    {
        var described = await inner.DescribeAsync(names.Entity(entity), cancellationToken).ConfigureAwait(false);
        return described.Succeeded ? names.InTemplate(entity, described.Value) : described;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static BatchAnswer<T> Map<T>(BatchAnswer<T> answer, Func<T, T> change) =>
        answer with { Items = [.. answer.Items.Select(i => i.Succeeded ? Outcome<T>.Of(change(i.Value)) : i)] };
}
