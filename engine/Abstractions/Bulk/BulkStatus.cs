namespace WorkflowEngine.Abstractions;

/// <summary>How far a job is.</summary>
/// <param name="Phase">Where it stands.</param>
/// <param name="Processed">Rows it has worked on.</param>
/// <param name="Failed">Rows it has refused.</param>
/// <param name="Problem">Why the job as a whole failed; null when it did not.</param>
public sealed record BulkStatus(BulkPhase Phase, long Processed, long Failed, string? Problem)
{
    /// <summary>Nothing more will happen.</summary>
    public bool IsOver => Phase is BulkPhase.Done or BulkPhase.Failed or BulkPhase.Aborted;
}
