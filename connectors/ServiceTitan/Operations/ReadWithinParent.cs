using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Children that exist only inside their parent's record, such as the items of an invoice: the parents are read and their lists taken out.</summary>
internal sealed class ReadWithinParent(string parentEntity) : IReadOperation
{
    public async Task<BatchAnswer<ReadRows>> ReadAsync(Session session, EntityAccess access, ReadBatch batch, CancellationToken cancellationToken)
    {
        var parent = access.Wire.Parent!;
        if (!batch.Conditions.All(c => RowDistribution.Required(c).Any(r => r.Path == parent && r.Operator == Comparison.In)))
        {
            return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, ServiceTitanErrors.OnlyBelow(access.Entity.Name, parent), 0);
        }

        var parents = session.Access(parentEntity)!;
        var asked = batch with
        {
            Entity = parentEntity,
            Conditions = [.. batch.Conditions.Select(c => new FieldCondition(parents.Entity.IdField, Comparison.In, RowDistribution.Required(c).First(r => r.Path == parent && r.Operator == Comparison.In).Values))],
            OrderBy = [],
            RowCap = int.MaxValue - 1,
            IncludeInactive = true,
        };
        var answer = await new ReadRecords().ReadAsync(session, parents, asked, cancellationToken).ConfigureAwait(false);
        if (answer.CallError is { } error) return BatchAnswer<ReadRows>.Failed(error, answer.Calls);
        var items = answer.Items.Select((item, i) => item.Error is { } failed ? failed : Outcome<ReadRows>.Of(Children(access, batch with { Conditions = [batch.Conditions[i]] }, parent, item.Value!)));
        return new BatchAnswer<ReadRows> { Items = [.. items], Calls = answer.Calls };
    }

    private static ReadRows Children(EntityAccess access, ReadBatch one, string parentField, ReadRows parents)
    {
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        foreach (var parent in parents.Rows)
        {
            if (parent.GetValueOrDefault(access.Wire.Within!) is not IReadOnlyList<object?> children) continue;
            foreach (var child in children.OfType<IReadOnlyDictionary<string, object?>>())
            {
                // The list of an invoice tells neither its invoice nor whether the line is active: what is listed is.
                var row = new Dictionary<string, object?>(child) { [parentField] = parent.GetValueOrDefault("id") };
                if (access.Entity.ActiveField is { } active) row.TryAdd(active, parent.GetValueOrDefault("active") ?? true);
                rows.Add(row);
            }
        }

        return RowDistribution.Give(access.Evaluator, one, [.. rows.Where(r => access.Shows(r, ReadPlanner.WantsInactive(access, one)))])[0];
    }
}
