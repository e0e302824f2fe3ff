using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class BackfillStore(StoreDatabase database) : IBackfillStore
{
    private const int Most = 200;

    public async Task<IReadOnlyList<Backfill>> ListAsync(string? workspace, Guid? deployment, BackfillState? state, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var rows = context.Backfills.AsNoTracking();
        if (workspace is not null) rows = rows.Where(row => row.WorkspaceId == workspace);
        if (deployment is { } of) rows = rows.Where(row => row.DeploymentId == of);
        if (state is { } most) rows = rows.Where(row => row.State <= (int)most);
        var page = await rows.OrderByDescending(row => row.Id).Take(Most).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. page.Select(Read)];
    }

    public async Task<Backfill?> FindAsync(string workspace, string id, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var row = await context.Backfills.AsNoTracking().SingleOrDefaultAsync(b => b.WorkspaceId == workspace && b.Id == id, cancellationToken).ConfigureAwait(false);
        return row is null ? null : Read(row);
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
