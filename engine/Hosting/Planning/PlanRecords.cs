using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>All records that a flow's trigger reads, as far as one plan takes them.</summary>
public static class PlanRecords
{
    private const int Page = 2_000;

    /// <summary>Their ids in order, and whether there are more.</summary>
    public static async Task<Outcome<(IReadOnlyList<string> Ids, bool More)>> AllAsync(ActiveDeployment deployment, PlanTrigger trigger, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(trigger);
        var entity = trigger.Entity!;
        var connection = deployment.Connections[trigger.Connection!].Connection;
        var ids = new List<string>();
        while (true)
        {
            var answer = await connection.ReadAsync(
                new ReadBatch
                {
                    Entity = entity.Name, Fields = [entity.IdField], OrderBy = [new OrderTerm(entity.IdField, false)], RowCap = Page, IncludeInactive = true, Priority = CallPriority.Backfill,
                    Conditions = [ids.Count == 0 ? new AllOf([]) : new FieldCondition(entity.IdField, Comparison.Greater, [ids[^1]])],
                },
                cancellationToken).ConfigureAwait(false);
            if (answer.CallError is { } failed) return failed;
            if (!answer.Items[0].Succeeded) return answer.Items[0].Error!;
            var rows = answer.Items[0].Value!;
            ids.AddRange(rows.Rows.Select(r => r.GetValueOrDefault(entity.IdField)).OfType<string>());
            if (ids.Count > PlanRequest.MostEvents) return (ids[..PlanRequest.MostEvents], true);
            if (!rows.More || rows.Rows.Count == 0) return (ids, false);
        }
    }
}
