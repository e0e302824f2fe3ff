namespace WorkflowEngine.Storage;

/// <summary>An event kept for later outside the inbox, one for each key and name.</summary>
public sealed class PlannedEventRow
{
    public string WorkspaceId { get; set; } = "";

    public Guid DeploymentId { get; set; }

    public string Key { get; set; } = "";

    public string Name { get; set; } = "";

    public DateTimeOffset DueAt { get; set; }

    public int Lane { get; set; }

    public int Priority { get; set; }

    public string TriggerId { get; set; } = "";

    public int Kind { get; set; }

    public string? Entity { get; set; }

    public string? RecordId { get; set; }

    public string? Version { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    public bool IsFull { get; set; }

    public long? ReplayOf { get; set; }

    public byte[] Payload { get; set; } = [];

    public byte[]? RunState { get; set; }
}
