namespace WorkflowEngine.Abstractions;

/// <summary>Reads very many records by a job the vendor works off by itself. The job's id goes on after a crash; pages can be read again.</summary>
public interface IBulkReads
{
    /// <summary>Starts a job; one nobody reads goes away by itself.</summary>
    /// <returns>Its id.</returns>
    Task<Outcome<string>> StartAsync(BulkRead read, CancellationToken cancellationToken);

    /// <summary>How far the job is.</summary>
    Task<Outcome<BulkStatus>> StatusAsync(string job, CallPriority priority, CancellationToken cancellationToken);

    /// <summary>A page of the records of a job that is done.</summary>
    /// <param name="job">The job.</param>
    /// <param name="read">What was asked for.</param>
    /// <param name="place">Where to go on, from the page before; null = the first page.</param>
    /// <param name="most">Most records.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<Outcome<BulkPage>> PageAsync(string job, BulkRead read, string? place, int most, CancellationToken cancellationToken);
}
