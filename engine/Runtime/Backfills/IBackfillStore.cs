namespace WorkflowEngine.Runtime;

/// <summary>Reads of backfills. Writes go through <see cref="IStoreWriter"/>.</summary>
public interface IBackfillStore
{
    /// <summary>Newest first.</summary>
    /// <param name="workspace">The workspace; null = all.</param>
    /// <param name="deployment">Only of this deployment; null = all.</param>
    /// <param name="state">Only in this state or before it; null = all.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<IReadOnlyList<Backfill>> ListAsync(string? workspace, Guid? deployment, BackfillState? state, CancellationToken cancellationToken);

    Task<Backfill?> FindAsync(string workspace, string id, CancellationToken cancellationToken);
}
