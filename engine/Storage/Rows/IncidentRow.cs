namespace WorkflowEngine.Storage;

/// <summary>Equal failures as one thing; without a deployment its id is empty.</summary>
public sealed class IncidentRow
{
    public long Id { get; set; }

    public string WorkspaceId { get; set; } = "";

    public Guid DeploymentId { get; set; }

    public string Fingerprint { get; set; } = "";

    public string Message { get; set; } = "";

    public long SeenCount { get; set; }

    public DateTimeOffset FirstSeen { get; set; }

    public DateTimeOffset LastSeen { get; set; }

    public DateTimeOffset? RecoveredAt { get; set; }
}
