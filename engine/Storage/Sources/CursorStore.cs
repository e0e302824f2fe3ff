using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class CursorStore(StoreDatabase database) : ICursorStore
{
    public async Task<SourceCursor?> ReadAsync(CursorKey key, CancellationToken cancellationToken)
    {
        var rows = await new RowQuery<CursorRow>("cursor").Where("workspace_id = {0}", key.Workspace).Where("realm = {0}", key.Realm).Where("feed = {0}", key.Feed).Where("scope = {0}", key.Scope)
            .ReadAsync(database, cancellationToken).ConfigureAwait(false);
        return rows.SingleOrDefault() is not { } row ? null : new SourceCursor(row.Token, row.HighWater);
    }
}
