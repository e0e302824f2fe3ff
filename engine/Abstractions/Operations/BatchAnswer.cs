namespace WorkflowEngine.Abstractions;

/// <summary>The answer to a batch: one outcome per item in the order asked, or one error for the whole call.</summary>
/// <typeparam name="T">What an item gets.</typeparam>
public sealed record BatchAnswer<T>
{
    /// <summary>The whole call failed before any row was judged; the engine halves the batch. <see cref="Items"/> is empty then.</summary>
    public OperationError? CallError { get; init; }

    /// <summary>One outcome per item.</summary>
    public IReadOnlyList<Outcome<T>> Items { get; init; } = [];

    /// <summary>Remote calls it took.</summary>
    public int Calls { get; init; } = 1;

    /// <summary>A whole-call failure.</summary>
    public static BatchAnswer<T> Failed(OperationError error, int calls = 1) => new() { CallError = error, Calls = calls };
}
