using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage;

/// <summary>API keys, by their hashes.</summary>
public sealed class AccessKeyStore
{
    private readonly StoreDatabase _database;

    internal AccessKeyStore(StoreDatabase database) => _database = database;

    /// <summary>The key with this public part, whatever its workspace; null when there is none.</summary>
    public async Task<AccessKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var rows = await new RowQuery<AccessKeyRow>("access_key").Where("id = {0}", id).ReadAsync(_database, cancellationToken).ConfigureAwait(false);
        return rows.SingleOrDefault() is { } row ? Read(row) : null;
    }

    /// <summary>Keys of a workspace, oldest first, revoked ones included.</summary>
    public async Task<IReadOnlyList<AccessKey>> ListAsync(string workspace, CancellationToken cancellationToken)
    {
        var rows = await new RowQuery<AccessKeyRow>("access_key").Where("workspace_id = {0}", workspace).Then("ORDER BY created_at, id").ReadAsync(_database, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(Read)];
    }

    /// <summary>True when there is any key at all.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellationToken) =>
        (await new RowQuery<AccessKeyRow>("access_key").Limit(1).ReadAsync(_database, cancellationToken).ConfigureAwait(false)).Count > 0;

    public Task AddAsync(AccessKey key, CancellationToken cancellationToken) => _database.AloneAsync(
        async context =>
        {
            context.AccessKeys.Add(new AccessKeyRow
            {
                WorkspaceId = key.Workspace, Id = key.Id, Name = key.Name, Hash = key.Hash, Role = key.Role, CreatedAt = key.CreatedAt, CreatedBy = key.CreatedBy,
                ExpiresAt = key.ExpiresAt, RevokedAt = key.RevokedAt,
            });
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Ends a key at a time; false when there is no such key or it ended before.</summary>
    public async Task<bool> EndAsync(string workspace, string id, DateTimeOffset at, bool revoke, CancellationToken cancellationToken)
    {
        var ended = false;
        await _database.AloneAsync(
            async context =>
            {
                var row = await context.AccessKeys.SingleOrDefaultAsync(key => key.WorkspaceId == workspace && key.Id == id, cancellationToken).ConfigureAwait(false);
                if (row is null || row.RevokedAt is not null) return;
                if (revoke) row.RevokedAt = at;
                else if (row.ExpiresAt is null || row.ExpiresAt > at) row.ExpiresAt = at;
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                ended = true;
            },
            cancellationToken).ConfigureAwait(false);
        return ended;
    }

    private static AccessKey Read(AccessKeyRow row) => new()
    {
        Workspace = row.WorkspaceId, Id = row.Id, Name = row.Name, Hash = row.Hash, Role = row.Role, CreatedAt = row.CreatedAt, CreatedBy = row.CreatedBy,
        ExpiresAt = row.ExpiresAt, RevokedAt = row.RevokedAt,
    };
}
