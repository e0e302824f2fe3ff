namespace WorkflowEngine.Simulators.Faults;

/// <summary>What goes wrong. In JSON the names are written in camel case.</summary>
public enum FaultKind
{
    /// <summary>429; with <c>Retry-After</c> when the rule gives <c>retryAfterSeconds</c>.</summary>
    RateLimited,

    /// <summary>503 with a body that is not the vendor's error shape.</summary>
    Unavailable,

    /// <summary>500.</summary>
    ServerError,

    /// <summary>Salesforce: 403 REQUEST_LIMIT_EXCEEDED. ServiceTitan knows no quota and answers 429.</summary>
    Quota,

    /// <summary>Nothing is written and no answer comes: the connection is held for <c>delayMs</c> (or until the client leaves), then reset.</summary>
    TimeoutBefore,

    /// <summary>The write happens, but no answer comes: held as above.</summary>
    TimeoutAfter,

    /// <summary>The write happens, then the connection is reset.</summary>
    LostAnswer,

    /// <summary>The connection is reset before anything is done.</summary>
    Reset,

    /// <summary>The work is done; the answer is cut in the middle of its JSON, or is the rule's <c>body</c>.</summary>
    Malformed,

    /// <summary>The answer comes late by <c>delayMs</c>.</summary>
    Slow,

    /// <summary>401, and the token that came with the call is no longer valid.</summary>
    ExpiredToken,

    /// <summary>Salesforce: rows of a write answer UNABLE_TO_LOCK_ROW.</summary>
    RowLock,

    /// <summary>What the call creates is invisible to reads for <c>delayMs</c>.</summary>
    LateCommit,

    /// <summary>The vendor's own error: <c>status</c>, <c>code</c>, <c>message</c>. With <c>field</c> or <c>rows</c> it fails single rows of a Salesforce write.</summary>
    VendorError,
}
