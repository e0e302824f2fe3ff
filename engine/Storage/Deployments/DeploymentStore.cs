using System.Text.Json;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class DeploymentStore(StoreDatabase database) : IDeploymentStore
{
    /// <summary>A deployment of the name that was taken away and made again gives its place.</summary>
    private static readonly RowStatement GiveName = new(
        "DELETE FROM deployment WHERE (workspace_id, id) IN (SELECT d.workspace_id, d.id FROM {rows}, deployment d WHERE d.workspace_id = v.workspace_id AND d.name = v.name AND d.id <> v.id)",
        RowStatement.Text("workspace_id"), RowStatement.Text("name"), RowStatement.Guid("id"));

    private static readonly RowStatement Save = new(
        """
        INSERT INTO deployment (workspace_id, id, name, flow_id, flow_hash, state, paused_because, realms, bindings, created_at)
        SELECT v.workspace_id, v.id, v.name, v.flow_id, v.flow_hash, v.state, v.paused_because, v.realms, v.bindings, v.created_at FROM {rows} WHERE true
        ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, flow_id = excluded.flow_id, flow_hash = excluded.flow_hash, state = excluded.state,
            paused_because = excluded.paused_because, realms = excluded.realms, bindings = excluded.bindings, created_at = excluded.created_at,
            state_revision = deployment.state_revision + CASE WHEN deployment.state <> excluded.state OR deployment.paused_because IS DISTINCT FROM excluded.paused_because THEN 1 ELSE 0 END
        """,
        RowStatement.Text("workspace_id"), RowStatement.Guid("id"), RowStatement.Text("name"), RowStatement.Text("flow_id"), RowStatement.Text("flow_hash"), RowStatement.Int("state"),
        RowStatement.Text("paused_because"), RowStatement.Text("realms"), RowStatement.Text("bindings"), RowStatement.Long("created_at"));

    private static readonly RowStatement AddVersion = new(
        """
        INSERT INTO flow_version (workspace_id, hash, flow_id, sources, created_at)
        SELECT v.workspace_id, v.hash, v.flow_id, v.sources, v.created_at FROM {rows} WHERE true
        ON CONFLICT (workspace_id, hash) DO NOTHING
        """,
        RowStatement.Text("workspace_id"), RowStatement.Text("hash"), RowStatement.Text("flow_id"), RowStatement.Text("sources"), RowStatement.Long("created_at"));

    public async Task<IReadOnlyList<DeploymentRecord>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var rows = await new RowQuery<DeploymentRow>("deployment").Then("ORDER BY workspace_id, name").ReadAsync(database, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => new DeploymentRecord
        {
            Workspace = row.WorkspaceId,
            Id = row.Id,
            Name = row.Name,
            FlowId = row.FlowId,
            FlowHash = row.FlowHash,
            State = (DeploymentState)row.State,
            PausedBecause = row.PausedBecause,
            StateRevision = row.StateRevision,
            Realms = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Realms)!,
            Bindings = row.Bindings,
            CreatedAt = row.CreatedAt,
        })];
    }

    public Task SaveAsync(DeploymentRecord deployment, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            await database.Dialect.ExecuteAsync(session, GiveName, [[deployment.Workspace, deployment.Name, deployment.Id]], cancellationToken).ConfigureAwait(false);
            return await database.Dialect.ExecuteAsync(
                session,
                Save,
                [[
                    deployment.Workspace, deployment.Id, deployment.Name, deployment.FlowId, deployment.FlowHash, (int)deployment.State, deployment.PausedBecause,
                    JsonSerializer.Serialize(deployment.Realms), deployment.Bindings, deployment.CreatedAt.UtcTicks,
                ]],
                cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    public async Task SaveFlowVersionAsync(FlowVersionRecord version, CancellationToken cancellationToken)
    {
        // Each start asks, and finds it there but for the first time.
        var there = new RowQuery<FlowVersionRow>("flow_version", nameof(FlowVersionRow.Sources)).Where("workspace_id = {0}", version.Workspace).Where("hash = {0}", version.Hash);
        if ((await there.ReadAsync(database, cancellationToken).ConfigureAwait(false)).Count > 0) return;
        await database.WriteAsync(
            session => database.Dialect.ExecuteAsync(session, AddVersion, [[version.Workspace, version.Hash, version.FlowId, version.Sources, version.CreatedAt.UtcTicks]], cancellationToken),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<FlowVersionRecord?> ReadFlowVersionAsync(string workspace, string hash, CancellationToken cancellationToken)
    {
        var rows = await new RowQuery<FlowVersionRow>("flow_version").Where("workspace_id = {0}", workspace).Where("hash = {0}", hash).ReadAsync(database, cancellationToken).ConfigureAwait(false);
        return rows.SingleOrDefault() is not { } row ? null : new FlowVersionRecord(row.WorkspaceId, row.Hash, row.FlowId, row.Sources, row.CreatedAt);
    }
}
