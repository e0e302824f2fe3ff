using Microsoft.Extensions.Logging;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>The connections of a deployment, opened and speaking its names.</summary>
internal static class ConnectionBinder
{
    /// <summary>By logical name; or one sentence about the first that cannot be opened.</summary>
    public static async Task<(Dictionary<string, BoundConnection>? Connections, string? Problem)> BindAsync(
        HostedWorkspace workspace, PlannedDeployment planned, ILogger log, CancellationToken cancellationToken)
    {
        var connections = new Dictionary<string, BoundConnection>();
        foreach (var (logical, name) in planned.Connections)
        {
            var opened = await workspace.Connections.OpenAsync(name, cancellationToken).ConfigureAwait(false);
            if (!opened.Succeeded)
            {
                HostLog.NotOpened(log, planned.Name, name, opened.Error.Code);
                return (null, $"{planned.Name}: the connection '{name}' cannot be opened ({opened.Error.Kind}, {opened.Error.Code}): {opened.Error.Message}");
            }

            connections[logical] = planned.Bind(logical, opened.Value);
        }

        return (connections, null);
    }

    /// <summary>Lets the deployments that use a connection go on with it as it stands. False when it cannot be opened now: they go on with what they have.</summary>
    public static async Task<bool> RebindAsync(DeploymentRegistry registry, HostedWorkspace workspace, string name, CancellationToken cancellationToken)
    {
        var users = registry.All.Where(d => d.Ref.Workspace == workspace.Name && d.Connections.Values.Any(c => c.Name == name)).ToList();
        if (users.Count == 0) return true;
        var opened = await workspace.Connections.OpenAsync(name, cancellationToken).ConfigureAwait(false);
        if (!opened.Succeeded) return false;
        foreach (var user in users)
        {
            // Opening takes its time: what the deployment was told meanwhile stays.
            registry.SetConnections(user.Ref, connections => connections.Values.Any(c => c.Name == name && c.Realm != opened.Value.Realm)
                ? connections
                : connections.ToDictionary(c => c.Key, c => c.Value.Name != name ? c.Value : c.Value.Rebind?.Invoke(opened.Value) ?? opened.Value));
        }

        return true;
    }
}
