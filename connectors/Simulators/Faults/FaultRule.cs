namespace WorkflowEngine.Simulators.Faults;

/// <summary>One rule of the switchboard. A rule without conditions strikes every call until it is removed.</summary>
public sealed record FaultRule
{
    public required FaultKind Kind { get; init; }

    /// <summary>HTTP method, or null for all.</summary>
    public string? Method { get; init; }

    /// <summary>Path without the query; <c>*</c> stands for any text. Null matches all but the token endpoint.</summary>
    public string? Path { get; init; }

    /// <summary>Only the n-th matching call (or row), counted from 1. Together with <see cref="Count"/>: from the n-th on.</summary>
    public int? Nth { get; init; }

    /// <summary>How often the rule strikes; null is without end, but once when <see cref="Nth"/> is given.</summary>
    public int? Count { get; init; }

    /// <summary>0 to 1: the share of matching calls (or rows) that are struck, by the seed.</summary>
    public double? Probability { get; init; }

    /// <summary>The rule looks at rows: those whose field has <see cref="Value"/>.</summary>
    public string? Field { get; init; }

    /// <summary>The field's value; null or <c>*</c> matches every row that has the field.</summary>
    public string? Value { get; init; }

    /// <summary>A vendor error that strikes rows without naming a field.</summary>
    public bool Rows { get; init; }

    /// <summary>Seconds written to <c>Retry-After</c>; null leaves the header out.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>For slow, late commits and held connections.</summary>
    public int? DelayMs { get; init; }

    public int? Status { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>The exact body of a malformed answer.</summary>
    public string? Body { get; init; }

    /// <summary>Whether the rule answers, or refuses to answer, in place of the vendor.</summary>
    internal bool Answers => !StrikesRows && Kind is FaultKind.RateLimited or FaultKind.Unavailable or FaultKind.ServerError or FaultKind.Quota
        or FaultKind.TimeoutBefore or FaultKind.Reset or FaultKind.ExpiredToken or FaultKind.VendorError;

    internal bool StrikesRows => Kind is FaultKind.RowLock || (Kind is FaultKind.VendorError && (Rows || Field is not null));
}
