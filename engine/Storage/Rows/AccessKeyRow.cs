namespace WorkflowEngine.Storage;

/// <summary>An API key; only the hash of its secret is kept.</summary>
public sealed class AccessKeyRow
{
    public string WorkspaceId { get; set; } = "";

    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    public byte[] Hash { get; set; } = [];

    public string Role { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }

    public string CreatedBy { get; set; } = "";

    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }
}
