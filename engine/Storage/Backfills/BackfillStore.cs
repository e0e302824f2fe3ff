using System.Text.Json;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class BackfillStore(StoreDatabase database) : IBackfillStore
{
    private const int Most = 200;

    public async Task<IReadOnlyList<Backfill>> ListAsync(string? workspace, Guid? deployment, BackfillState? state, CancellationToken cancellationToken)
    {
        var rows = new RowQuery<BackfillRow>("backfill").WhereGiven("workspace_id = {0}", workspace).WhereGiven("deployment_id = {0}", deployment).WhereGiven("state <= {0}", (int?)state).Then("ORDER BY id DESC").Limit(Most);
        var page = await rows.ReadAsync(database, cancellationToken).ConfigureAwait(false);
        return [.. page.Select(Read)];
    }

    public async Task<Backfill?> FindAsync(string workspace, string id, CancellationToken cancellationToken)
    {
        var rows = await new RowQuery<BackfillRow>("backfill").Where("workspace_id = {0}", workspace).Where("id = {0}", id).ReadAsync(database, cancellationToken).ConfigureAwait(false);
        return rows.SingleOrDefault() is { } row ? Read(row) : null;
    }

    private static Backfill Read(BackfillRow row) => new()
    {
        Id = row.Id,
        Deployment = new DeploymentRef(row.WorkspaceId, row.DeploymentId),
        Trigger = row.TriggerId,
        Entity = row.Entity,
        By = (BackfillBy)row.Way,
        Feed = row.Feed,
        From = row.FromAt,
        Records = JsonSerializer.Deserialize<string[]>(row.Records) ?? [],
        Token = row.Token,
        HighWater = row.HighWater,
        State = (BackfillState)row.State,
        Total = row.Total,
        Read = row.RowsRead,
        Accepted = row.Accepted,
        Problem = row.Problem,
        StartedBy = row.StartedBy,
        StartedAt = row.StartedAt,
        EndedAt = row.EndedAt,
    };
}
