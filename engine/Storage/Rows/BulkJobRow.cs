namespace WorkflowEngine.Storage;

/// <summary>The vendor's job of a wave.</summary>
public sealed class BulkJobRow
{
    public string WorkspaceId { get; set; } = "";

    public string Wave { get; set; } = "";

    public string Connection { get; set; } = "";

    public string Job { get; set; } = "";

    public string Entity { get; set; } = "";

    public int RowCount { get; set; }

    public int State { get; set; }

    public DateTimeOffset MadeAt { get; set; }
}
