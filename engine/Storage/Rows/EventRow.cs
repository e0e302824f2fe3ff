namespace WorkflowEngine.Storage;

/// <summary>An accepted event, from acceptance to settlement.</summary>
public sealed class EventRow
{
    public long Id { get; set; }

    public string WorkspaceId { get; set; } = "";

    public Guid DeploymentId { get; set; }

    public int Lane { get; set; }

    public string Key { get; set; } = "";

    public int State { get; set; }

    public int Hold { get; set; }

    public int Rank { get; set; }

    public int Priority { get; set; }

    public string TriggerId { get; set; } = "";

    public int Kind { get; set; }

    public string? Entity { get; set; }

    public string? RecordId { get; set; }

    public string? Version { get; set; }

    public int Attempt { get; set; }

    public int Deaths { get; set; }

    public long? ClaimedBy { get; set; }

    public DateTimeOffset? DueAt { get; set; }

    public string? Reason { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    public bool IsFull { get; set; }

    public long? ReplayOf { get; set; }

    public byte[] Payload { get; set; } = [];
}
