namespace WorkflowEngine.Storage;

/// <summary>A dead letter; payload and state encrypted.</summary>
public sealed class DeadLetterRow
{
    public long Id { get; set; }

    public string WorkspaceId { get; set; } = "";

    public Guid DeploymentId { get; set; }

    public string FlowHash { get; set; } = "";

    public string TriggerId { get; set; } = "";

    public int Kind { get; set; }

    public string Key { get; set; } = "";

    public string? Entity { get; set; }

    public string? RecordId { get; set; }

    public string? Version { get; set; }

    public bool IsFull { get; set; }

    public string RunId { get; set; } = "";

    public string Step { get; set; } = "";

    public string? Place { get; set; }

    public int ErrorKind { get; set; }

    public string Code { get; set; } = "";

    public string Message { get; set; } = "";

    public string Fingerprint { get; set; } = "";

    public string Attempts { get; set; } = "";

    public DateTimeOffset FailedAt { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }

    public int Priority { get; set; }

    public int State { get; set; }

    public string? Note { get; set; }

    public DateTimeOffset? ClosedAt { get; set; }

    public byte[] Payload { get; set; } = [];

    public byte[]? RunState { get; set; }
}
