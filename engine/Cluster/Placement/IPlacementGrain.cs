namespace WorkflowEngine.Cluster;

/// <summary>Says which node runs which lane. There is one in a cluster; when its node dies the next question wakes it on another, where the leases tell it how things stand.</summary>
public interface IPlacementGrain : IGrainWithIntegerKey
{
    /// <summary>The key of the only one.</summary>
    public const int Only = 0;

    /// <summary>A node is there and asks what it should hold.</summary>
    /// <param name="node">The node.</param>
    /// <param name="owners">For each lane who holds its lease, as the node read it; null = nobody.</param>
    Task<Assignment> AssignAsync(string node, string?[] owners);

    /// <summary>A node ends and gives its lanes back: they go to the others.</summary>
    Task LeaveAsync(string node);
}
