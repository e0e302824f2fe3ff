namespace WorkflowEngine.Runtime;

/// <summary>Why a person is asked.</summary>
public enum ReviewKind
{
    /// <summary>Several records match.</summary>
    Ambiguous = 0,

    /// <summary>The record that matches belongs to another key.</summary>
    Owned = 1,

    /// <summary>A record may have been created twice; no run waits.</summary>
    PossiblyTwice = 2,

    /// <summary>A flow waits for a yes or no.</summary>
    Approval = 3,
}

/// <summary>What a person decided.</summary>
public enum ReviewDecision
{
    None = 0,

    /// <summary>This record is meant.</summary>
    Use = 1,

    /// <summary>None of them: a new record is made.</summary>
    Create = 2,

    /// <summary>The run ends without it.</summary>
    Skip = 3,

    Approve = 4,

    Reject = 5,

    /// <summary>Seen and mended by hand; nothing follows.</summary>
    Dismiss = 6,
}

/// <summary>A question for a person.</summary>
public sealed record NewReview
{
    /// <summary>Time-ordered and unique.</summary>
    public required string Id { get; init; }

    public required DeploymentRef Deployment { get; init; }

    public required ReviewKind Kind { get; init; }

    /// <summary>The event whose run waits; 0 = none does, or it let its key go.</summary>
    public long EventId { get; init; }

    public required string Key { get; init; }

    public required string RunId { get; init; }

    public required string Step { get; init; }

    /// <summary>File, line and column of the step.</summary>
    public string? Place { get; init; }

    public string? Entity { get; init; }

    public required string Message { get; init; }

    /// <summary>Encoded: <c>wanted</c>, what the flow would write, and <c>candidates</c>, the records in question; sensitive fields redacted. Encrypted by the store.</summary>
    public byte[] Content { get; init; } = [];

    public required DateTimeOffset OpenedAt { get; init; }
}

/// <summary>A stored question and what was decided.</summary>
public sealed record Review(NewReview Asked, ReviewDecision Decision, string? RecordId, string? Comment, string? DecidedBy, DateTimeOffset? DecidedAt)
{
    public bool IsOpen => Decision == ReviewDecision.None;
}
