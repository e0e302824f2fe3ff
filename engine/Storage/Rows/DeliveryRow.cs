namespace WorkflowEngine.Storage;

/// <summary>A delivery id seen within the last seven days.</summary>
public sealed class DeliveryRow
{
    public string WorkspaceId { get; set; } = "";

    public Guid DeploymentId { get; set; }

    public string TriggerId { get; set; } = "";

    public string DeliveryId { get; set; } = "";

    public DateTimeOffset ReceivedAt { get; set; }
}
