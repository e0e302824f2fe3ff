namespace WorkflowEngine.Abstractions;

/// <summary>A failure of the outside as a value. Never carries a secret.</summary>
/// <param name="Kind">What the engine does next.</param>
/// <param name="Code">The vendor's code (<c>DUPLICATE_VALUE</c>, <c>429</c>) or one of ours (<c>timeout</c>, <c>reset</c>, <c>malformed</c>).</param>
/// <param name="Message">The vendor's words, or ours, for the person who reads the dead letter.</param>
public sealed record OperationError(ErrorKind Kind, string Code, string Message)
{
    /// <summary>The code of a call that the realm's budget did not let out.</summary>
    public const string Budget = "budget";

    /// <summary>Fields the vendor named; empty when it named none.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>How long the vendor asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Record ids the vendor named, such as the duplicates of a conflict.</summary>
    public IReadOnlyList<string> RecordIds { get; init; } = [];

    /// <summary>True when the request surely changed nothing (refused connection, 429, 401): a write may be repeated at once.</summary>
    public bool NotExecuted { get; init; }

    /// <summary>For <see cref="ErrorKind.BatchScoped"/>: what the failure is once the row failed alone. <see cref="ErrorKind.Rejected"/> for a 4xx, <see cref="ErrorKind.Transient"/> (default) for locks, limits and 5xx.</summary>
    public ErrorKind WhenAlone { get; init; } = ErrorKind.Transient;
}
