using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class IncidentStore(StoreDatabase database) : IIncidentStore
{
    // Recovered incidents are kept for ever; a person looks at the newest.
    private const int Most = 500;

    public async Task<IReadOnlyList<Incident>> ListAsync(string workspace, bool openOnly, CancellationToken cancellationToken)
    {
        var rows = new RowQuery<IncidentRow>("incident").Where("workspace_id = {0}", workspace);
        if (openOnly) rows.Where("recovered_at IS NULL");
        var list = await rows.Then("ORDER BY last_seen DESC, id DESC").Limit(Most).ReadAsync(database, cancellationToken).ConfigureAwait(false);
        return [.. list.Select(row => new Incident
        {
            Id = row.Id,
            Workspace = row.WorkspaceId,
            Deployment = row.DeploymentId == Guid.Empty ? null : row.DeploymentId,
            Fingerprint = row.Fingerprint,
            Message = row.Message,
            Count = row.SeenCount,
            FirstSeen = row.FirstSeen,
            LastSeen = row.LastSeen,
            RecoveredAt = row.RecoveredAt,
        })];
    }
}
