namespace WorkflowEngine.Storage;

/// <summary>What a deployment was told to be, one row per change; the highest number is in force.</summary>
public sealed class DeploymentVersionRow
{
    public string WorkspaceId { get; set; } = "";

    public string Name { get; set; } = "";

    public int Number { get; set; }

    public string Template { get; set; } = "";

    public string TemplateHash { get; set; } = "";

    public string Specification { get; set; } = "";

    public string? Note { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public string CreatedBy { get; set; } = "";
}
