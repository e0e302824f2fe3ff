using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage;

/// <summary>What people and programs changed. Rows are added only: the database refuses to change or delete one.</summary>
public sealed class AuditStore
{
    private readonly StoreDatabase _database;

    internal AuditStore(StoreDatabase database) => _database = database;

    public Task AddAsync(AuditEntry entry, CancellationToken cancellationToken) => _database.AloneAsync(
        async context =>
        {
            context.Audit.Add(new AuditRow
            {
                WorkspaceId = entry.Workspace, ChangedAt = entry.At, Actor = StoreText.Clean(entry.Actor), Action = entry.Action, Target = StoreText.Clean(entry.Target),
                Before = entry.Before, After = entry.After, RequestId = entry.RequestId,
            });
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Newest first.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="target">Only of this target; null = all.</param>
    /// <param name="before">Only below this id; null = from the newest.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyList<AuditEntry>> ListAsync(string workspace, string? target, long? before, int limit, CancellationToken cancellationToken)
    {
        await using var context = _database.Open();
        var rows = context.Audit.AsNoTracking().Where(row => row.WorkspaceId == workspace);
        if (target is not null) rows = rows.Where(row => row.Target == target);
        if (before is { } id) rows = rows.Where(row => row.Id < id);
        var list = await rows.OrderByDescending(row => row.Id).Take(limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. list.Select(row => new AuditEntry
        {
            Id = row.Id, Workspace = row.WorkspaceId, At = row.ChangedAt, Actor = row.Actor, Action = row.Action, Target = row.Target, Before = row.Before, After = row.After,
            RequestId = row.RequestId,
        })];
    }
}
