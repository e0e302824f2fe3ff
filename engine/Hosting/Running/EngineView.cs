using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>The stores as the API and the command line read them.</summary>
public sealed record EngineView
{
    public required IRunStore Runs { get; init; }

    public required IDeadLetterStore DeadLetters { get; init; }

    public required IIncidentStore Incidents { get; init; }

    public required IInboxStore Inbox { get; init; }

    public required IDeploymentStore Deployments { get; init; }
}
