namespace WorkflowEngine.Runtime;

/// <summary>Reads of jobs. Writes go through <see cref="IStoreWriter"/>.</summary>
public interface IBulkJobStore
{
    /// <summary>The job of a wave; null = none was made.</summary>
    Task<BulkJob?> FindAsync(string workspace, string wave, CancellationToken cancellationToken);
}
