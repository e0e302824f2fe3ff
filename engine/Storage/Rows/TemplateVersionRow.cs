namespace WorkflowEngine.Storage;

/// <summary>One content of a template.</summary>
public sealed class TemplateVersionRow
{
    public string WorkspaceId { get; set; } = "";

    public string Template { get; set; } = "";

    public string Hash { get; set; } = "";

    public int Number { get; set; }

    public string? Version { get; set; }

    public string? Title { get; set; }

    public string Files { get; set; } = "";

    public string? Note { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public string CreatedBy { get; set; } = "";
}
