namespace WorkflowEngine.Storage;

/// <summary>A workspace's data key, wrapped by the master key.</summary>
public sealed class WorkspaceKeyRow
{
    public string WorkspaceId { get; set; } = "";

    public byte[] WrappedKey { get; set; } = [];
}
