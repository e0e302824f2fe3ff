namespace WorkflowEngine.Storage;

/// <summary>Where a run stands in a block, by offset in the uncompressed bytes.</summary>
public sealed class JournalEntryRow
{
    public string WorkspaceId { get; set; } = "";

    public string RunId { get; set; } = "";

    public long BlockId { get; set; }

    public int BlockOffset { get; set; }

    public int BlockLength { get; set; }
}
