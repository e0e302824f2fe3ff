namespace WorkflowEngine.Storage;

/// <summary>One remote write.</summary>
public sealed class StoredEffectRow
{
    public long Id { get; set; }

    public string WorkspaceId { get; set; } = "";

    public string Realm { get; set; } = "";

    public string Entity { get; set; } = "";

    public string RecordId { get; set; } = "";

    public string RunId { get; set; } = "";

    public string Step { get; set; } = "";

    public string Verb { get; set; } = "";

    public string Fields { get; set; } = "";

    public DateTimeOffset WrittenAt { get; set; }
}
