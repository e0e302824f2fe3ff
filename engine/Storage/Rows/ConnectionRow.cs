namespace WorkflowEngine.Storage;

/// <summary>A connection kept by the server; its secrets encrypted.</summary>
public sealed class ConnectionRow
{
    public string WorkspaceId { get; set; } = "";

    public string Name { get; set; } = "";

    public string Connector { get; set; } = "";

    public string? Title { get; set; }

    public string Settings { get; set; } = "";

    public byte[] Secrets { get; set; } = [];

    public string SecretNames { get; set; } = "";

    public long Revision { get; set; }

    public DateTimeOffset UpdatedAt { get; set; }

    public string UpdatedBy { get; set; } = "";
}
