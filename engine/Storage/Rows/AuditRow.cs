namespace WorkflowEngine.Storage;

/// <summary>One change by a person or program; never changed or deleted.</summary>
public sealed class AuditRow
{
    public long Id { get; set; }

    public string WorkspaceId { get; set; } = "";

    public DateTimeOffset ChangedAt { get; set; }

    public string Actor { get; set; } = "";

    public string Action { get; set; } = "";

    public string Target { get; set; } = "";

    public string? Before { get; set; }

    public string? After { get; set; }

    public string RequestId { get; set; } = "";
}
