namespace WorkflowEngine.Abstractions;

/// <summary>Where a job stands.</summary>
public enum BulkPhase
{
    /// <summary>Its rows have not been handed over: they may be sent (again).</summary>
    Open,

    /// <summary>The vendor has it.</summary>
    Working,

    /// <summary>It is over; single rows may have failed.</summary>
    Done,

    /// <summary>It failed as a whole; some rows may have been done before.</summary>
    Failed,

    /// <summary>It was stopped; some rows may have been done before.</summary>
    Aborted,
}
