namespace WorkflowEngine.Storage;

/// <summary>A question for a person and what was decided; the content encrypted.</summary>
public sealed class ReviewRow
{
    public string WorkspaceId { get; set; } = "";

    public string Id { get; set; } = "";

    public Guid DeploymentId { get; set; }

    public int Kind { get; set; }

    public long EventId { get; set; }

    public string Key { get; set; } = "";

    public string RunId { get; set; } = "";

    public string Step { get; set; } = "";

    public string? Place { get; set; }

    public string? Entity { get; set; }

    public string Message { get; set; } = "";

    public DateTimeOffset OpenedAt { get; set; }

    public int Decision { get; set; }

    public string? RecordId { get; set; }

    public string? Comment { get; set; }

    public string? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public byte[] Content { get; set; } = [];
}
