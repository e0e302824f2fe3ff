using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage;

/// <summary>Connections with their secrets, which are encrypted under the workspace's data key.</summary>
public sealed class ConnectionStore
{
    private readonly StoreDatabase _database;
    private readonly WorkspaceKeys _keys;

    internal ConnectionStore(StoreDatabase database, WorkspaceKeys keys) => (_database, _keys) = (database, keys);

    /// <summary>Connections of one workspace, or of all (null), secrets opened; only for those who connect.</summary>
    public async Task<IReadOnlyList<StoredConnection>> ReadAsync(string? workspace, CancellationToken cancellationToken)
    {
        var list = await new RowQuery<ConnectionRow>("connection").WhereGiven("workspace_id = {0}", workspace).Then("ORDER BY workspace_id, name").ReadAsync(_database, cancellationToken).ConfigureAwait(false);
        var result = new List<StoredConnection>(list.Count);
        foreach (var row in list)
        {
            var seal = await _keys.EnsureAsync(_database, row.WorkspaceId, cancellationToken).ConfigureAwait(false);
            result.Add(new StoredConnection
            {
                Workspace = row.WorkspaceId, Name = row.Name, Connector = row.Connector, Title = row.Title,
                Settings = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Settings)!,
                Secrets = JsonSerializer.Deserialize<Dictionary<string, string>>(seal.Open(row.Secrets, Purposes.ConnectionSecrets(row.WorkspaceId, row.Name)))!,
                Revision = row.Revision, UpdatedAt = row.UpdatedAt, UpdatedBy = row.UpdatedBy,
            });
        }

        return result;
    }

    /// <summary>Saves; false when the stored revision is another than the expected one.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="expected">The revision that was read; 0 = it must not exist yet.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<bool> SaveAsync(StoredConnection connection, long expected, CancellationToken cancellationToken)
    {
        var seal = await _keys.EnsureAsync(_database, connection.Workspace, cancellationToken).ConfigureAwait(false);
        var secrets = seal.Seal(JsonSerializer.SerializeToUtf8Bytes(connection.Secrets), Purposes.ConnectionSecrets(connection.Workspace, connection.Name));
        var saved = false;
        await _database.AloneAsync(
            async context =>
            {
                var row = await context.Connections.SingleOrDefaultAsync(r => r.WorkspaceId == connection.Workspace && r.Name == connection.Name, cancellationToken).ConfigureAwait(false);
                if ((row?.Revision ?? 0) != expected) return;
                if (row is null) context.Connections.Add(row = new ConnectionRow { WorkspaceId = connection.Workspace, Name = connection.Name });
                row.Connector = connection.Connector;
                row.Title = connection.Title;
                row.Settings = JsonSerializer.Serialize(connection.Settings);
                row.Secrets = secrets;
                row.SecretNames = JsonSerializer.Serialize(connection.Secrets.Keys.Order(StringComparer.Ordinal));
                row.Revision = expected + 1;
                row.UpdatedAt = connection.UpdatedAt;
                row.UpdatedBy = connection.UpdatedBy;
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                saved = true;
            },
            cancellationToken).ConfigureAwait(false);
        return saved;
    }

    public async Task<bool> DeleteAsync(string workspace, string name, CancellationToken cancellationToken)
    {
        var deleted = false;
        await _database.AloneAsync(
            async context => deleted = await context.Connections.Where(row => row.WorkspaceId == workspace && row.Name == name).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false) == 1,
            cancellationToken).ConfigureAwait(false);
        return deleted;
    }
}
