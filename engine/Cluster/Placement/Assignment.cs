namespace WorkflowEngine.Cluster;

/// <summary>What a node should hold.</summary>
/// <param name="Lanes">Lanes that are this node's.</param>
/// <param name="Nodes">All nodes that live; the lanes of others may be taken.</param>
[GenerateSerializer, Immutable]
public sealed record Assignment([property: Id(0)] int[] Lanes, [property: Id(1)] string[] Nodes);
