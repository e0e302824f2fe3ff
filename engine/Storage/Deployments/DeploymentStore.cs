using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class DeploymentStore(StoreDatabase database) : IDeploymentStore
{
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
            Realms = JsonSerializer.Deserialize<Dictionary<string, string>>(row.Realms)!,
            Bindings = row.Bindings,
            CreatedAt = row.CreatedAt,
        })];
    }

    public Task SaveAsync(DeploymentRecord deployment, CancellationToken cancellationToken) => database.AloneAsync(
        async context =>
        {
            var rows = await context.Deployments
                .Where(row => row.WorkspaceId == deployment.Workspace && (row.Name == deployment.Name || row.Id == deployment.Id))
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            context.Deployments.RemoveRange(rows.Where(row => row.Id != deployment.Id));
            var row = rows.SingleOrDefault(row => row.Id == deployment.Id);
            if (row is null) context.Deployments.Add(row = new DeploymentRow { WorkspaceId = deployment.Workspace, Id = deployment.Id });
            row.Name = deployment.Name;
            row.FlowId = deployment.FlowId;
            row.FlowHash = deployment.FlowHash;
            row.State = (int)deployment.State;
            row.PausedBecause = deployment.PausedBecause;
            row.Realms = JsonSerializer.Serialize(deployment.Realms);
            row.Bindings = deployment.Bindings;
            row.CreatedAt = deployment.CreatedAt;
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    public async Task SaveFlowVersionAsync(FlowVersionRecord version, CancellationToken cancellationToken)
    {
        // Each start asks, and finds it there but for the first time.
        var there = new RowQuery<FlowVersionRow>("flow_version", nameof(FlowVersionRow.Sources)).Where("workspace_id = {0}", version.Workspace).Where("hash = {0}", version.Hash);
        if ((await there.ReadAsync(database, cancellationToken).ConfigureAwait(false)).Count == 0) await AddFlowVersionAsync(version, cancellationToken).ConfigureAwait(false);
    }

    public async Task<FlowVersionRecord?> ReadFlowVersionAsync(string workspace, string hash, CancellationToken cancellationToken)
    {
        var rows = await new RowQuery<FlowVersionRow>("flow_version").Where("workspace_id = {0}", workspace).Where("hash = {0}", hash).ReadAsync(database, cancellationToken).ConfigureAwait(false);
        return rows.SingleOrDefault() is not { } row ? null : new FlowVersionRecord(row.WorkspaceId, row.Hash, row.FlowId, row.Sources, row.CreatedAt);
    }

    private Task AddFlowVersionAsync(FlowVersionRecord version, CancellationToken cancellationToken) => database.AloneAsync(
        async context =>
        {
            if (await context.FlowVersions.AnyAsync(row => row.WorkspaceId == version.Workspace && row.Hash == version.Hash, cancellationToken).ConfigureAwait(false)) return;
            context.FlowVersions.Add(new FlowVersionRow
            {
                WorkspaceId = version.Workspace,
                Hash = version.Hash,
                FlowId = version.FlowId,
                Sources = version.Sources,
                CreatedAt = version.CreatedAt,
            });
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);
}
