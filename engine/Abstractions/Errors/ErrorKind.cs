namespace WorkflowEngine.Abstractions;

/// <summary>What kind of failure the outside answered with; decides what the engine does next.</summary>
public enum ErrorKind
{
    /// <summary>Passing trouble (reset, 5xx for one record); repeated durably.</summary>
    Transient,

    /// <summary>Too many calls; repeated after the pause the vendor asked for.</summary>
    RateLimited,

    /// <summary>A daily or hourly allowance is used up; the connection pauses until it rolls over.</summary>
    Quota,

    /// <summary>The credentials are refused; the connection pauses until they are mended.</summary>
    Authentication,

    /// <summary>This record is refused; dead letter with the vendor's words.</summary>
    Rejected,

    /// <summary>A duplicate id or value, or several records for one key: match again, then <c>onAmbiguous</c>.</summary>
    Conflict,

    /// <summary>Nobody knows whether the write happened (time-out or reset after sending); looked up before it is repeated.</summary>
    UnknownOutcome,

    /// <summary>A field, object, permission, scope or path is missing: pauses the deployment with an incident; events stay.</summary>
    Misconfigured,

    /// <summary>A whole call failed (lock, limit, 5xx, any 4xx); never charged to a row before that row failed alone.</summary>
    BatchScoped,

    /// <summary>Our own mistake, or an expression that cannot end well; dead letter.</summary>
    Bug,
}
