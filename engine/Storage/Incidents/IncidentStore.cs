using Microsoft.EntityFrameworkCore;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class IncidentStore(StoreDatabase database) : IIncidentStore
{
    // Recovered incidents are kept for ever; a person looks at the newest.
    private const int Most = 500;

    public async Task<IReadOnlyList<Incident>> ListAsync(string workspace, bool openOnly, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var rows = context.Incidents.AsNoTracking().Where(row => row.WorkspaceId == workspace);
        if (openOnly) rows = rows.Where(row => row.RecoveredAt == null);
        var list = await rows.OrderByDescending(row => row.LastSeen).ThenByDescending(row => row.Id).Take(Most).ToListAsync(cancellationToken).ConfigureAwait(false);
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
