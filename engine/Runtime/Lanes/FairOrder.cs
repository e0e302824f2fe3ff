namespace WorkflowEngine.Runtime;

/// <summary>In which order deployments that may have ready events are asked for them, and for how many.</summary>
internal sealed class FairOrder(DeploymentRegistry registry)
{
    private readonly Dictionary<DeploymentRef, long> _served = [];
    private long _turn;

    /// <summary>Workspaces take turns, then their deployments, first who has waited longest. Each workspace may have the same part of what is free, however many deployments share it.</summary>
    /// <param name="marked">Those that may have ready events.</param>
    /// <returns>Each with the number of equal parts of what is free, of which it may have one.</returns>
    public List<(ActiveDeployment Deployment, int Parts)> Of(List<DeploymentRef> marked)
    {
        var byWorkspace = new Dictionary<string, Queue<ActiveDeployment>>();
        var waiting = 0;
        foreach (var deployment in marked.Count > 1 ? marked.OrderBy(d => _served.GetValueOrDefault(d)) : marked.AsEnumerable())
        {
            var ready = registry.Find(deployment);
            if (ready is null) _served.Remove(deployment);
            if (ready is not { State: not DeploymentState.Paused }) continue;
            if (!byWorkspace.TryGetValue(deployment.Workspace, out var queue)) byWorkspace[deployment.Workspace] = queue = new Queue<ActiveDeployment>();
            queue.Enqueue(ready);
            waiting++;
        }

        var ordered = new List<(ActiveDeployment, int)>(waiting);
        var parts = byWorkspace.ToDictionary(w => w.Key, w => w.Value.Count * byWorkspace.Count);
        while (byWorkspace.Count > 0)
        {
            foreach (var (workspace, queue) in byWorkspace.ToArray())
            {
                ordered.Add((queue.Dequeue(), parts[workspace]));
                if (queue.Count == 0) byWorkspace.Remove(workspace);
            }
        }

        return ordered;
    }

    /// <summary>It had its turn.</summary>
    public void Served(DeploymentRef deployment) => _served[deployment] = ++_turn;
}
