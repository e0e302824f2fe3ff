namespace WorkflowEngine.Storage;

/// <summary>The sources of a compiled flow version.</summary>
public sealed class FlowVersionRow
{
    public string WorkspaceId { get; set; } = "";

    public string Hash { get; set; } = "";

    public string FlowId { get; set; } = "";

    public string Sources { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }
}
