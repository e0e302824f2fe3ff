using Microsoft.EntityFrameworkCore;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class BulkJobStore(StoreDatabase database) : IBulkJobStore
{
    public async Task<BulkJob?> FindAsync(string workspace, string wave, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var row = await context.BulkJobs.AsNoTracking().SingleOrDefaultAsync(j => j.WorkspaceId == workspace && j.Wave == wave, cancellationToken).ConfigureAwait(false);
        return row is null
            ? null
            : new BulkJob
            {
                Workspace = row.WorkspaceId, Wave = row.Wave, Connection = row.Connection, Job = row.Job, Entity = row.Entity, Rows = row.RowCount, State = (BulkJobState)row.State, MadeAt = row.MadeAt,
            };
    }
}
