namespace WorkflowEngine.Storage;

/// <summary>What is remembered of a key between runs; encrypted.</summary>
public sealed class KeyStateRow
{
    public string WorkspaceId { get; set; } = "";

    public Guid DeploymentId { get; set; }

    public string Key { get; set; } = "";

    public byte[] Memory { get; set; } = [];
}
