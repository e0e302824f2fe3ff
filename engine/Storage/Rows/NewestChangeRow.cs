namespace WorkflowEngine.Storage;

/// <summary>The newest content accepted of a record; only its repetition is dropped.</summary>
public sealed class NewestChangeRow
{
    public string WorkspaceId { get; set; } = "";

    public Guid DeploymentId { get; set; }

    public string TriggerId { get; set; } = "";

    public string Entity { get; set; } = "";

    public string RecordId { get; set; } = "";

    public string ContentHash { get; set; } = "";

    public string? Version { get; set; }
}
