namespace WorkflowEngine.Storage;

/// <summary>A draft of a template.</summary>
public sealed class DraftRow
{
    public string WorkspaceId { get; set; } = "";

    public string Id { get; set; } = "";

    public string? Title { get; set; }

    public string Files { get; set; } = "";

    public string? Template { get; set; }

    public string? TemplateHash { get; set; }

    public long Revision { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public string UpdatedBy { get; set; } = "";
}
