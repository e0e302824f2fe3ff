namespace WorkflowEngine.Salesforce;

/// <summary>How far a bulk job is.</summary>
/// <param name="State">The vendor's word: <c>Open</c>, <c>UploadComplete</c>, <c>InProgress</c>, <c>JobComplete</c>, <c>Failed</c>, <c>Aborted</c>.</param>
/// <param name="Processed">Rows it has worked on.</param>
/// <param name="Failed">Rows it has refused.</param>
/// <param name="Problem">Why the job as a whole failed; null when it did not.</param>
public sealed record BulkStatus(string State, long Processed, long Failed, string? Problem)
{
    /// <summary>Nothing more will happen.</summary>
    public bool IsDone => State is "JobComplete" or "Failed" or "Aborted";

    /// <summary>The rows have not been handed over: they may be sent (again).</summary>
    public bool IsOpen => State == "Open";
}
