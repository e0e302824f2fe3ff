namespace WorkflowEngine.Storage;

/// <summary>The state a run goes on from; encrypted.</summary>
public sealed class CheckpointRow
{
    public string WorkspaceId { get; set; } = "";

    public long EventId { get; set; }

    public byte[] State { get; set; } = [];
}
