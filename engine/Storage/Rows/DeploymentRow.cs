namespace WorkflowEngine.Storage;

/// <summary>A deployment.</summary>
public sealed class DeploymentRow
{
    public string WorkspaceId { get; set; } = "";

    public Guid Id { get; set; }

    public string Name { get; set; } = "";

    public string FlowId { get; set; } = "";

    public string FlowHash { get; set; } = "";

    public int State { get; set; }

    public string? PausedBecause { get; set; }

    public long StateRevision { get; set; }

    public string Realms { get; set; } = "";

    public string Bindings { get; set; } = "";

    public DateTimeOffset CreatedAt { get; set; }
}
