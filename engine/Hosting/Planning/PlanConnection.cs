using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Hosting;

/// <summary>A connection whose writes stay in memory and are seen by its later reads.</summary>
/// <param name="realm">The org or tenant.</param>
/// <param name="reads">What is real.</param>
/// <param name="records">What is not.</param>
/// <param name="entities">Entities by name, with the fields the flow adds.</param>
/// <param name="merges">The flow's merges, for whose value wins.</param>
internal sealed class PlanConnection(string realm, IPlanReads reads, VirtualRecords records, IReadOnlyDictionary<string, EntityDescriptor> entities, IReadOnlyList<MergeInstruction> merges) : IConnection
{
    public Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken) => Task.FromResult<Outcome<ConnectionInfo>>(new ConnectionInfo(realm, new RealmBudget()));

    public int MostItems(string entity, BatchKind kind) => reads.MostItems(entity, kind);

    public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) => reads.DescribeAsync(entity, cancellationToken);

    /// <summary>A plan asks no feed: its events are given to it.</summary>
    public Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<SourcePage>>(new SourcePage { Rows = [], Cursor = request.Cursor });

    public async Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken)
    {
        var entity = EntityOf(batch.Entity);
        if (batch.Deleted) return await DeletedAsync(entity, batch, cancellationToken).ConfigureAwait(false);
        var real = batch.Conditions.Select(VirtualConditions.Real).ToArray();
        var asked = Enumerable.Range(0, real.Length).Where(i => real[i] is not null).ToArray();
        var rows = new IReadOnlyList<IReadOnlyDictionary<string, object?>>[real.Length];
        var more = new bool[real.Length];
        Array.Fill(rows, []);
        var calls = 0;
        if (asked.Length > 0)
        {
            var answer = await reads.ReadAsync(batch with { Conditions = [.. asked.Select(i => real[i]!)] }, cancellationToken).ConfigureAwait(false);
            calls = answer.Calls;
            if (answer.CallError is not null) return answer;
            for (var i = 0; i < asked.Length; i++)
            {
                if (!answer.Items[i].Succeeded) return answer.Items.Count == real.Length ? answer : BatchAnswer<ReadRows>.Failed(answer.Items[i].Error!, calls);
                (rows[asked[i]], more[asked[i]]) = (answer.Items[i].Value!.Rows, answer.Items[i].Value!.More);
            }
        }

        var evaluator = new ConditionEvaluator(entity.Fields);
        var items = new Outcome<ReadRows>[real.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = await MergeAsync(entity, batch, batch.Conditions[i], rows[i], more[i], evaluator, cancellationToken).ConfigureAwait(false);
        }

        return new BatchAnswer<ReadRows> { Items = items, Calls = calls };
    }

    public async Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        var entity = EntityOf(batch.Entity);
        records.Step = batch.Steps is [var step] ? step : null;
        var items = new List<Outcome<WriteResult>>(batch.Items.Count);
        foreach (var item in batch.Items)
        {
            records.Gather(entity, item.Fields);
            switch (batch.Verb)
            {
                case WriteVerb.Create:
                    items.Add(new WriteResult(records.Create(entity, item.Fields), true));
                    break;
                case WriteVerb.Update:
                    records.Update(entity.Name, item.Id!, item.Fields);
                    items.Add(new WriteResult(item.Id!, false));
                    break;
                case WriteVerb.Delete:
                    records.Delete(entity.Name, item.Id!);
                    items.Add(new WriteResult(item.Id!, false));
                    break;
                case WriteVerb.Restore:
                    records.Restore(entity.Name, item.Id!);
                    items.Add(new WriteResult(item.Id!, false));
                    break;
                case WriteVerb.Merge:
                    records.Merge(entity.Name, item, merges.FirstOrDefault(m => m.Step.Name == records.Step && m.Entity.Name == entity.Name)?.Survivorship ?? []);
                    items.Add(new WriteResult(item.Id!, false));
                    break;
                default:
                    items.Add(await UpsertAsync(entity, batch, item, cancellationToken).ConfigureAwait(false));
                    break;
            }
        }

        return new BatchAnswer<WriteResult> { Items = items, Calls = 0 };
    }

    /// <summary>What a call would give is known after apply: it gives nothing here.</summary>
    public Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken)
    {
        records.Step = batch.Steps is [var step] ? step : null;
        foreach (var item in batch.Items) records.Call(batch.Operation, item);
        return Task.FromResult(new BatchAnswer<IReadOnlyDictionary<string, object?>>
        {
            Items = [.. batch.Items.Select(_ => Outcome<IReadOnlyDictionary<string, object?>>.Of(new Dictionary<string, object?>()))], Calls = 0,
        });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What is really deleted, with all that a flow reads of it: once it is virtually taken back, the vendor shows nothing of it.</summary>
    private async Task<BatchAnswer<ReadRows>> DeletedAsync(EntityDescriptor entity, ReadBatch batch, CancellationToken cancellationToken)
    {
        var plain = entity.Fields.Where(f => f.Readable && !ChildLists.Is(f) && f.Type.Kind != FieldKind.Object).Select(f => f.Name);
        var answer = await reads.ReadAsync(batch with { Fields = [.. batch.Fields.Concat(plain).Distinct(StringComparer.Ordinal)] }, cancellationToken).ConfigureAwait(false);
        if (answer.CallError is not null) return answer;
        var items = new Outcome<ReadRows>[answer.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = answer.Items[i];
            if (!items[i].Succeeded) continue;
            var left = new List<IReadOnlyDictionary<string, object?>>();
            foreach (var row in items[i].Value!.Rows)
            {
                if (row.GetValueOrDefault(entity.IdField) is not string id || records.IsRestored(entity.Name, id)) continue;
                records.Saw(entity.Name, id, row);
                left.Add(row);
            }

            items[i] = new ReadRows(left);
        }

        return answer with { Items = items };
    }

    private EntityDescriptor EntityOf(string name) => entities.TryGetValue(name, out var entity) ? entity : new EntityDescriptor { Name = name, Fields = [] };

    private async Task<Outcome<WriteResult>> UpsertAsync(EntityDescriptor entity, WriteBatch batch, WriteItem item, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(
            new ReadBatch
            {
                Entity = entity.Name, Fields = [.. item.Fields.Keys.Where(f => !f.Contains('.', StringComparison.Ordinal)).Append(batch.KeyField!).Distinct(StringComparer.Ordinal)],
                Conditions = [new FieldCondition(batch.KeyField!, Comparison.In, [item.Key!])], RowCap = 2,
            },
            cancellationToken).ConfigureAwait(false);
        if (found.CallError is { } error) return error;
        if (!found.Items[0].Succeeded) return found.Items[0].Error!;
        if (found.Items[0].Value!.Rows is [var row, ..] && row.GetValueOrDefault(entity.IdField) is string id)
        {
            records.Update(entity.Name, id, item.Fields);
            return new WriteResult(id, false);
        }

        return new WriteResult(records.Create(entity, new Dictionary<string, object?>(item.Fields) { [batch.KeyField!] = item.Key }), true);
    }

    private async Task<Outcome<ReadRows>> MergeAsync(
        EntityDescriptor entity, ReadBatch batch, Condition condition, IReadOnlyList<IReadOnlyDictionary<string, object?>> real, bool more, ConditionEvaluator evaluator,
        CancellationToken cancellationToken)
    {
        var meets = evaluator.Prepare(condition);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var result = new List<IReadOnlyDictionary<string, object?>>(real.Count);
        foreach (var row in real)
        {
            if (row.GetValueOrDefault(entity.IdField) is not string id)
            {
                result.Add(row);
                continue;
            }

            seen.Add(id);
            records.Saw(entity.Name, id, row);
            if (records.IsGone(entity.Name, id)) continue;
            // Only what was written may no longer meet the condition; of the others the vendor has judged.
            if (!records.IsTouched(entity.Name, id)) result.Add(row);
            else if (records.Over(entity.Name, id, row) is var over && meets(over)) result.Add(over);
        }

        var missing = new List<object>();
        foreach (var id in records.TouchedOf(entity.Name))
        {
            if (seen.Contains(id) || records.IsGone(entity.Name, id) || !meets(records.Known(entity.Name, id))) continue;
            if (VirtualConditions.IsVirtual(id) || records.IsRestored(entity.Name, id)) result.Add(records.Known(entity.Name, id));
            else missing.Add(id);
        }

        if (missing.Count > 0)
        {
            // A record that meets the condition only as it would be: the rest of its fields is read.
            var answer = await reads.ReadAsync(batch with { Conditions = [new FieldCondition(entity.IdField, Comparison.In, missing)], OrderBy = [] }, cancellationToken).ConfigureAwait(false);
            if (answer.CallError is { } error) return error;
            if (!answer.Items[0].Succeeded) return answer.Items[0].Error!;
            foreach (var row in answer.Items[0].Value!.Rows)
            {
                if (row.GetValueOrDefault(entity.IdField) is string id) result.Add(records.Over(entity.Name, id, row));
            }
        }

        foreach (var row in result) records.Gather(entity, row);
        var ordered = RowDistribution.Sort(result, batch.OrderBy, evaluator).ToList();
        return ordered.Count > batch.RowCap ? new ReadRows(ordered[..batch.RowCap], true) : new ReadRows(ordered, more);
    }
}
