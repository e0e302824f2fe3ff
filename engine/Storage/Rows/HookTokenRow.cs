namespace WorkflowEngine.Storage;

/// <summary>A token of inbound calls; only its hash is kept.</summary>
public sealed class HookTokenRow
{
    public string WorkspaceId { get; set; } = "";

    public string Deployment { get; set; } = "";

    public Guid Id { get; set; }

    public byte[] Hash { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public string CreatedBy { get; set; } = "";

    public DateTimeOffset? ExpiresAt { get; set; }
}
