namespace WorkflowEngine.Abstractions;

/// <summary>The answer to a batch: one outcome per item in the order asked, or one error for the whole call.</summary>
/// <typeparam name="T">What an item gets.</typeparam>
public sealed record BatchAnswer<T>
{
    /// <summary>
    /// The whole call failed before any row was judged; <see cref="Items"/> is empty then. <see cref="ErrorKind.BatchScoped"/> (500, any 4xx, lock, read time-out): the
    /// engine halves the batch until the row that causes it stands alone. <see cref="ErrorKind.UnknownOutcome"/> (a write whose answer was lost): idempotent writes are sent again, creates are
    /// looked up. <see cref="ErrorKind.Transient"/> (503, refused, reset before sending), rate limits, quota, authentication and misconfiguration are the outside's as a whole: no row is blamed.
    /// </summary>
    public OperationError? CallError { get; init; }

    /// <summary>One outcome per item.</summary>
    public IReadOnlyList<Outcome<T>> Items { get; init; } = [];

    /// <summary>Remote calls it took.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>A whole-call failure.</summary>
    public static BatchAnswer<T> Failed(OperationError error, int calls = 1) => new() { CallError = error, Calls = calls };
}
