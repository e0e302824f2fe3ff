namespace WorkflowEngine.Cluster;

/// <summary>What concerns the owners of other lanes.</summary>
/// <param name="Workspaces">Workspaces of deployments that have new events.</param>
/// <param name="Deployments">Their ids, in the same order.</param>
/// <param name="Anything">Something else was woken.</param>
[GenerateSerializer, Immutable]
public sealed record Ring([property: Id(0)] string[] Workspaces, [property: Id(1)] Guid[] Deployments, [property: Id(2)] bool Anything);
