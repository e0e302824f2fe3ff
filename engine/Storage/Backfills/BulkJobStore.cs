using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class BulkJobStore(StoreDatabase database) : IBulkJobStore
{
    public async Task<BulkJob?> FindAsync(string workspace, string wave, CancellationToken cancellationToken)
    {
        var rows = await new RowQuery<BulkJobRow>("bulk_job").Where("workspace_id = {0}", workspace).Where("wave = {0}", wave).ReadAsync(database, cancellationToken).ConfigureAwait(false);
        return rows.SingleOrDefault() is not { } row
            ? null
            : new BulkJob
            {
                Workspace = row.WorkspaceId, Wave = row.Wave, Connection = row.Connection, Job = row.Job, Entity = row.Entity, Rows = row.RowCount, State = (BulkJobState)row.State, MadeAt = row.MadeAt,
            };
    }
}
