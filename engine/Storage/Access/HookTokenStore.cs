using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage;

/// <summary>Tokens of inbound calls, by their hashes.</summary>
public sealed class HookTokenStore
{
    private readonly StoreDatabase _database;

    internal HookTokenStore(StoreDatabase database) => _database = database;

    /// <summary>Tokens of one workspace, or of all (null).</summary>
    public async Task<IReadOnlyList<HookToken>> ReadAsync(string? workspace, CancellationToken cancellationToken)
    {
        var list = await new RowQuery<HookTokenRow>("hook_token").WhereGiven("workspace_id = {0}", workspace).Then("ORDER BY workspace_id, deployment, created_at").ReadAsync(_database, cancellationToken).ConfigureAwait(false);
        return [.. list.Select(Told)];
    }

    /// <summary>Tokens of deployments of this name, in all workspaces.</summary>
    public async Task<IReadOnlyList<HookToken>> ReadOfAsync(string deployment, CancellationToken cancellationToken)
    {
        var list = await new RowQuery<HookTokenRow>("hook_token").Where("deployment = {0}", deployment).ReadAsync(_database, cancellationToken).ConfigureAwait(false);
        return [.. list.Select(Told)];
    }

    public Task AddAsync(HookToken token, CancellationToken cancellationToken) => _database.AloneAsync(
        async context =>
        {
            context.HookTokens.Add(new HookTokenRow
            {
                WorkspaceId = token.Workspace, Deployment = token.Deployment, Id = token.Id, Hash = token.Hash, CreatedAt = token.CreatedAt, CreatedBy = token.CreatedBy,
                ExpiresAt = token.ExpiresAt,
            });
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    public async Task<bool> DeleteAsync(string workspace, Guid id, CancellationToken cancellationToken)
    {
        var deleted = false;
        await _database.AloneAsync(
            async context => deleted = await context.HookTokens.Where(row => row.WorkspaceId == workspace && row.Id == id).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false) == 1,
            cancellationToken).ConfigureAwait(false);
        return deleted;
    }

    private static HookToken Told(HookTokenRow row) => new(row.WorkspaceId, row.Deployment, row.Id, row.Hash, row.CreatedAt, row.CreatedBy, row.ExpiresAt);
}
