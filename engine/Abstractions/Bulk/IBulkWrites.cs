namespace WorkflowEngine.Abstractions;

/// <summary>
/// Writes very many rows as jobs the vendor works off by itself. The rows are cut into waves, one job each: a job is made and its id kept, then filled with the wave, asked until it is over, and its
/// results are read. After a crash the id and the same wave (equal rows in equal order) go on where the job stands: <see cref="StatusAsync"/>, then <see cref="SendAsync"/> while it is
/// <see cref="BulkPhase.Open"/>. Nothing throws for a failure of the outside; every call passes the budget with the wave's priority.
/// </summary>
public interface IBulkWrites
{
    /// <summary>From so many rows on a job takes fewer calls than batches do.</summary>
    int LeastRows { get; }

    /// <summary>Most rows of one wave.</summary>
    int MostRows { get; }

    /// <summary>Why rows of this entity, verb and options cannot go by a job and go by <see cref="IConnection.WriteAsync"/>; null = they can. The rows are not looked at.</summary>
    OperationError? Refusal(WriteBatch wave);

    /// <summary>Makes an empty job for rows of this kind; they are not looked at. A job nobody fills changes nothing and goes away by itself, so a lost answer is asked for again.</summary>
    /// <returns>The job's id, to be kept before anything is sent.</returns>
    Task<Outcome<string>> CreateAsync(WriteBatch wave, CancellationToken cancellationToken);

    /// <summary>
    /// Fills an open job with the wave and hands it over. Doing it again after a lost answer or a crash sends nothing twice. Each target stands once in a wave, and rows of one locked parent beside
    /// each other. <see cref="ErrorKind.BatchScoped"/>: the wave is larger than one job takes; halve it.
    /// </summary>
    Task<Outcome<BulkStatus>> SendAsync(string job, WriteBatch wave, CancellationToken cancellationToken);

    /// <summary>How far the job is.</summary>
    Task<Outcome<BulkStatus>> StatusAsync(string job, CallPriority priority, CancellationToken cancellationToken);

    /// <summary>Stops a job. What it has done stays done: its results are read as of any other.</summary>
    Task<Outcome<BulkStatus>> AbortAsync(string job, CallPriority priority, CancellationToken cancellationToken);

    /// <summary>
    /// What became of each row of a job that is over, in the order of the wave. Rows are found again by their own key column (the external id, or the record's id), new records by the whole row, so the
    /// vendor's order does not matter. A row the vendor did not work on is <see cref="ErrorKind.Transient"/> and not executed; one it says nothing about is <see cref="ErrorKind.UnknownOutcome"/>.
    /// </summary>
    Task<Outcome<IReadOnlyList<Outcome<WriteResult>>>> ResultsAsync(string job, WriteBatch wave, CancellationToken cancellationToken);
}
