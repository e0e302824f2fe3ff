namespace WorkflowEngine.Runtime;

/// <summary>In which order deployments that may have ready events are asked for them.</summary>
internal static class FairOrder
{
    /// <summary>Workspaces take turns, then their deployments.</summary>
    public static List<ActiveDeployment> Of(List<DeploymentRef> marked, DeploymentRegistry registry)
    {
        var byWorkspace = new Dictionary<string, Queue<ActiveDeployment>>();
        foreach (var deployment in marked)
        {
            if (registry.Find(deployment) is not { State: not DeploymentState.Paused } active) continue;
            if (!byWorkspace.TryGetValue(deployment.Workspace, out var queue)) byWorkspace[deployment.Workspace] = queue = new Queue<ActiveDeployment>();
            queue.Enqueue(active);
        }

        var ordered = new List<ActiveDeployment>(marked.Count);
        while (byWorkspace.Count > 0)
        {
            foreach (var (workspace, queue) in byWorkspace.ToArray())
            {
                ordered.Add(queue.Dequeue());
                if (queue.Count == 0) byWorkspace.Remove(workspace);
            }
        }

        return ordered;
    }
}
