using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class DeploymentStore(StoreDatabase database) : IDeploymentStore
{
    public async Task<IReadOnlyList<DeploymentRecord>> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var rows = await context.Deployments.AsNoTracking().OrderBy(row => row.WorkspaceId).ThenBy(row => row.Name).ToListAsync(cancellationToken).ConfigureAwait(false);
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

    public Task SaveFlowVersionAsync(FlowVersionRecord version, CancellationToken cancellationToken) => database.AloneAsync(
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

    public async Task<FlowVersionRecord?> ReadFlowVersionAsync(string workspace, string hash, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var row = await context.FlowVersions.AsNoTracking().SingleOrDefaultAsync(version => version.WorkspaceId == workspace && version.Hash == hash, cancellationToken)
            .ConfigureAwait(false);
        return row is null ? null : new FlowVersionRecord(row.WorkspaceId, row.Hash, row.FlowId, row.Sources, row.CreatedAt);
    }
}
