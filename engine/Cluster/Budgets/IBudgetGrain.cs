namespace WorkflowEngine.Cluster;

/// <summary>Shares one realm's budget between the nodes; its key is the realm.</summary>
public interface IBudgetGrain : IGrainWithStringKey
{
    /// <summary>A node tells what it did and wants, and is told its part.</summary>
    /// <param name="node">The node.</param>
    /// <param name="nodes">Nodes that live.</param>
    /// <param name="asked">Calls it wanted since it was here last.</param>
    /// <param name="live">Its calls of live work in 24 hours.</param>
    /// <param name="retry">Its calls for retries.</param>
    /// <param name="backfill">Its calls for backfills.</param>
    Task<BudgetShare> ShareAsync(string node, string[] nodes, long asked, long live, long retry, long backfill);
}
