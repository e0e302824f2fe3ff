namespace WorkflowEngine.Cluster;

/// <summary>Passes on what one node has for the others. A ring that is lost costs time only: each node looks by itself every few seconds.</summary>
public interface IBellGrain : IGrainWithIntegerKey
{
    /// <summary>A node wants to hear; said again and again, it is forgotten otherwise.</summary>
    Task ListenAsync(string node, IBell bell);

    /// <summary>Tells all nodes but this one.</summary>
    Task RingAsync(string node, Ring ring);
}
