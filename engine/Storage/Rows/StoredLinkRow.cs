namespace WorkflowEngine.Storage;

/// <summary>A claim (no record yet) or a link.</summary>
public sealed class StoredLinkRow
{
    public string WorkspaceId { get; set; } = "";

    public string Realm { get; set; } = "";

    public string Entity { get; set; } = "";

    public string Kind { get; set; } = "";

    public string KeyHash { get; set; } = "";

    public string? RecordId { get; set; }

    public string? OwnerRun { get; set; }

    public DateTimeOffset? EndsAt { get; set; }
}
