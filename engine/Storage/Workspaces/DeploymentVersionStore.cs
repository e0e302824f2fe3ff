using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage;

/// <summary>The history of what deployments were told to be.</summary>
public sealed class DeploymentVersionStore
{
    private readonly StoreDatabase _database;

    internal DeploymentVersionStore(StoreDatabase database) => _database = database;

    /// <summary>The newest version of every deployment of all workspaces.</summary>
    public async Task<IReadOnlyList<DeploymentVersion>> ReadCurrentAsync(CancellationToken cancellationToken)
    {
        var rows = await new RowQuery<DeploymentVersionRow>("deployment_version")
            .Where("number = (SELECT MAX(r.number) FROM deployment_version r WHERE r.workspace_id = deployment_version.workspace_id AND r.name = deployment_version.name)").Then("ORDER BY workspace_id, name")
            .ReadAsync(_database, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(Read)];
    }

    /// <summary>All versions of a deployment, newest first; empty when there is none.</summary>
    public async Task<IReadOnlyList<DeploymentVersion>> ListAsync(string workspace, string name, CancellationToken cancellationToken)
    {
        await using var context = _database.Open();
        var rows = await context.DeploymentVersions.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.Name == name)
            .OrderByDescending(row => row.Number).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(Read)];
    }

    /// <summary>Adds a version behind the expected newest one; null when another is newest.</summary>
    /// <param name="version">The version.</param>
    /// <param name="expected">The number that was newest when it was judged; 0 = there must be none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<DeploymentVersion?> AddAsync(DeploymentVersion version, int expected, CancellationToken cancellationToken)
    {
        DeploymentVersion? added = null;
        await _database.AloneAsync(
            async context =>
            {
                var newest = await context.DeploymentVersions.Where(row => row.WorkspaceId == version.Workspace && row.Name == version.Name)
                    .MaxAsync(row => (int?)row.Number, cancellationToken).ConfigureAwait(false) ?? 0;
                if (newest != expected) return;
                added = version with { Number = newest + 1 };
                context.DeploymentVersions.Add(new DeploymentVersionRow
                {
                    WorkspaceId = version.Workspace, Name = version.Name, Number = added.Number, Template = version.Template, TemplateHash = version.TemplateHash,
                    Specification = version.Specification, Note = version.Note, CreatedAt = version.CreatedAt, CreatedBy = version.CreatedBy,
                });
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return added;
    }

    /// <summary>Forgets a deployment's history; its runs stay.</summary>
    public Task DeleteAsync(string workspace, string name, CancellationToken cancellationToken) => _database.AloneAsync(
        async context => await context.DeploymentVersions.Where(row => row.WorkspaceId == workspace && row.Name == name).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false),
        cancellationToken);

    private static DeploymentVersion Read(DeploymentVersionRow row) => new()
    {
        Workspace = row.WorkspaceId, Name = row.Name, Number = row.Number, Template = row.Template, TemplateHash = row.TemplateHash, Specification = row.Specification,
        Note = row.Note, CreatedAt = row.CreatedAt, CreatedBy = row.CreatedBy,
    };
}
