using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace WorkflowEngine.Storage;

/// <summary>A data key per workspace: random, made with the workspace's first value, kept in the database wrapped by the master key.</summary>
internal sealed class WorkspaceKeys(byte[] masterKey, IStoreDialect dialect) : IDisposable
{
    private static readonly RowStatement Read = new(
        "SELECT k.wrapped_key FROM {rows}, workspace_key k WHERE k.workspace_id = v.workspace_id",
        RowStatement.Text("workspace_id"));

    private static readonly RowStatement Add = new(
        "INSERT INTO workspace_key (workspace_id, wrapped_key) SELECT v.workspace_id, v.wrapped_key FROM {rows} WHERE true ON CONFLICT (workspace_id) DO NOTHING",
        RowStatement.Text("workspace_id"), RowStatement.Bytes("wrapped_key"));

    private static readonly RowStatement ReadProof = new(
        "SELECT s.value FROM {rows}, schema_info s WHERE s.name = v.name",
        RowStatement.Text("name"));

    private static readonly RowStatement AddProof = new(
        "INSERT INTO schema_info (name, value) SELECT v.name, v.value FROM {rows} WHERE true ON CONFLICT (name) DO NOTHING",
        RowStatement.Text("name"), RowStatement.Bytes("value"));

    private readonly SealingKey _master = new(masterKey);
    private readonly ConcurrentDictionary<string, SealingKey> _keys = new(StringComparer.Ordinal);

    /// <summary>Refuses a master key other than the one the database was made with, before anything is read with it.</summary>
    public async Task ProveAsync(StoreSession session, CancellationToken cancellationToken)
    {
        object?[][] name = [["master_key_proof"]];
        var proof = await ReadBytesAsync(session, ReadProof, name, cancellationToken).ConfigureAwait(false);
        if (proof is null)
        {
            await dialect.ExecuteAsync(session, AddProof, [["master_key_proof", _master.Seal([], Purposes.MasterKeyProof)]], cancellationToken).ConfigureAwait(false);
            proof = await ReadBytesAsync(session, ReadProof, name, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            _master.Open(proof, Purposes.MasterKeyProof);
        }
        catch (CryptographicException problem)
        {
            throw new StorageProblemException(
                StorageProblemKind.MasterKey, "The master key is not the one this database was made with; give the key file that lay beside it.", problem);
        }
    }

    /// <summary>The workspaces' wrapped keys; one that has none gets one. To be remembered only once the transaction is committed.</summary>
    public async Task<IReadOnlyList<(string Workspace, byte[] Wrapped)>> StoredAsync(
        StoreSession session, IReadOnlyList<string> workspaces, CancellationToken cancellationToken)
    {
        var result = new List<(string, byte[])>(workspaces.Count);
        foreach (var workspace in workspaces)
        {
            var wrapped = await ReadBytesAsync(session, Read, [[workspace]], cancellationToken).ConfigureAwait(false);
            if (wrapped is null)
            {
                var fresh = _master.Seal(RandomNumberGenerator.GetBytes(MasterKeyFile.KeyLength), Purposes.WorkspaceKey(workspace));
                await dialect.ExecuteAsync(session, Add, [[workspace, fresh]], cancellationToken).ConfigureAwait(false);
                wrapped = await ReadBytesAsync(session, Read, [[workspace]], cancellationToken).ConfigureAwait(false);
            }

            result.Add((workspace, wrapped!));
        }

        return result;
    }

    /// <summary>The wrapped key of a workspace that has one, for reading what was stored by an earlier process.</summary>
    public async Task RecallAsync(StoreSession session, string workspace, CancellationToken cancellationToken)
    {
        if (Knows(workspace)) return;
        var wrapped = await ReadBytesAsync(session, Read, [[workspace]], cancellationToken).ConfigureAwait(false);
        if (wrapped is not null) Remember(workspace, wrapped);
    }

    /// <summary>The key of a workspace; one that has none gets one, in a transaction of its own.</summary>
    public async Task<SealingKey> EnsureAsync(StoreDatabase database, string workspace, CancellationToken cancellationToken)
    {
        if (!Knows(workspace))
        {
            var stored = await database.WriteAsync(session => StoredAsync(session, [workspace], cancellationToken), cancellationToken).ConfigureAwait(false);
            foreach (var (name, wrapped) in stored) Remember(name, wrapped);
        }

        return Of(workspace);
    }

    public bool Knows(string workspace) => _keys.ContainsKey(workspace);

    /// <summary>The key of a workspace that <see cref="RecallAsync"/> or <see cref="Remember"/> made known.</summary>
    public SealingKey Of(string workspace) => _keys[workspace];

    public void Remember(string workspace, byte[] wrapped)
    {
        if (!_keys.ContainsKey(workspace)) _keys.TryAdd(workspace, new SealingKey(_master.Open(wrapped, Purposes.WorkspaceKey(workspace))));
    }

    public void Dispose()
    {
        _master.Dispose();
        foreach (var key in _keys.Values) key.Dispose();
    }

    private async Task<byte[]?> ReadBytesAsync(StoreSession session, RowStatement statement, object?[][] rows, CancellationToken cancellationToken)
    {
        byte[]? value = null;
        await dialect.QueryAsync(session, statement, rows, reader => value = reader.GetFieldValue<byte[]>(0), cancellationToken).ConfigureAwait(false);
        return value;
    }
}
