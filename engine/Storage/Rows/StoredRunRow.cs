namespace WorkflowEngine.Storage;

/// <summary>The small row of a finished run.</summary>
public sealed class StoredRunRow
{
    public string WorkspaceId { get; set; } = "";

    public string Id { get; set; } = "";

    public Guid DeploymentId { get; set; }

    public string FlowHash { get; set; } = "";

    public long EventId { get; set; }

    public string TriggerId { get; set; } = "";

    public string Key { get; set; } = "";

    public string? RecordId { get; set; }

    public int Outcome { get; set; }

    public string? Text { get; set; }

    public DateTimeOffset AcceptedAt { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset EndedAt { get; set; }

    public int Attempts { get; set; }

    public int Effects { get; set; }

    public int Priority { get; set; }

    public long? ReplayOf { get; set; }
}
