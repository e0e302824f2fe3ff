namespace WorkflowEngine.Storage;

/// <summary>Where a source stands.</summary>
public sealed class CursorRow
{
    public string WorkspaceId { get; set; } = "";

    public string Realm { get; set; } = "";

    public string Feed { get; set; } = "";

    public string Scope { get; set; } = "";

    public string? Token { get; set; }

    public DateTimeOffset? HighWater { get; set; }

    public DateTimeOffset SavedAt { get; set; }
}
