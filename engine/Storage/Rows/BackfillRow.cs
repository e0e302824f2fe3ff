namespace WorkflowEngine.Storage;

/// <summary>A backfill and where it stands.</summary>
public sealed class BackfillRow
{
    public string WorkspaceId { get; set; } = "";

    public string Id { get; set; } = "";

    public Guid DeploymentId { get; set; }

    public string TriggerId { get; set; } = "";

    public string Entity { get; set; } = "";

    public int Way { get; set; }

    public string? Feed { get; set; }

    public DateTimeOffset? FromAt { get; set; }

    /// <summary>Ids of a list, as JSON.</summary>
    public string Records { get; set; } = "[]";

    public string? Token { get; set; }

    public DateTimeOffset? HighWater { get; set; }

    public int State { get; set; }

    public long? Total { get; set; }

    public long RowsRead { get; set; }

    public long Accepted { get; set; }

    public string? Problem { get; set; }

    public string StartedBy { get; set; } = "";

    public DateTimeOffset StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}
