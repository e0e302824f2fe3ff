using Microsoft.EntityFrameworkCore;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class CursorStore(StoreDatabase database) : ICursorStore
{
    public async Task<SourceCursor?> ReadAsync(CursorKey key, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var row = await context.Cursors.AsNoTracking()
            .SingleOrDefaultAsync(
                cursor => cursor.WorkspaceId == key.Workspace && cursor.Realm == key.Realm && cursor.Feed == key.Feed && cursor.Scope == key.Scope, cancellationToken)
            .ConfigureAwait(false);
        return row is null ? null : new SourceCursor(row.Token, row.HighWater);
    }
}
