using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class KeyStateStore(StoreDatabase database, WorkspaceKeys keys) : IKeyStateStore
{
    public async Task<IReadOnlyDictionary<EventKey, KeyState>> ReadAsync(IReadOnlyList<EventKey> wanted, CancellationToken cancellationToken)
    {
        var result = new Dictionary<EventKey, KeyState>();
        if (wanted.Count == 0) return result;
        var sealedStates = new List<(EventKey Key, byte[] Memory)>();
        await database.ReadAsync(
            async session =>
            {
                await database.Dialect.QueryAsync(
                    session,
                    RecordStatements.ReadKeyStates,
                    [.. wanted.Select((key, n) => new object?[] { n, key.Deployment.Workspace, key.Deployment.Id, key.Key })],
                    reader => sealedStates.Add((wanted[reader.GetInt32(0)], reader.GetFieldValue<byte[]>(1))),
                    cancellationToken).ConfigureAwait(false);
                foreach (var workspace in sealedStates.Select(state => state.Key.Deployment.Workspace).Distinct())
                {
                    await keys.RecallAsync(session, workspace, cancellationToken).ConfigureAwait(false);
                }

                return true;
            },
            cancellationToken).ConfigureAwait(false);
        foreach (var (key, memory) in sealedStates)
        {
            var (workspace, deployment) = (key.Deployment.Workspace, key.Deployment.Id);
            result[key] = KeyStateText.Read(keys.Of(workspace).Open(memory, Purposes.KeyMemory(workspace, deployment, StoreText.Clean(key.Key))));
        }

        return result;
    }
}
