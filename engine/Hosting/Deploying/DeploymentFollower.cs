using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>
/// Follows what other processes that share the database were told through the API: connections, deployments, their pauses, tokens of inbound calls. What was read last is remembered, so that only a
/// change is followed, and a state that this process gave by itself stays.
/// </summary>
public sealed class DeploymentFollower(FlowHost host, Deployer deployer)
{
    private readonly Dictionary<(string Workspace, string Name), long> _connections = [];
    private readonly Dictionary<DeploymentRef, (DeploymentState State, string? Because)> _states = [];

    /// <summary>Looks once. Returns one sentence for each flow that is not active.</summary>
    public async Task<IReadOnlyList<string>> FollowAsync(CancellationToken cancellationToken)
    {
        host.Hooks.SetKept(await host.Settings.HookTokens.ReadAsync(null, cancellationToken).ConfigureAwait(false));
        await FollowConnectionsAsync(cancellationToken).ConfigureAwait(false);
        var problems = await deployer.FollowAsync(cancellationToken).ConfigureAwait(false);
        await FollowStatesAsync(cancellationToken).ConfigureAwait(false);
        return problems;
    }

    private async Task FollowConnectionsAsync(CancellationToken cancellationToken)
    {
        var stored = await host.Settings.Connections.ReadAsync(null, cancellationToken).ConfigureAwait(false);
        foreach (var connection in stored.Where(c => host.Connectors.Any(i => i.Descriptor.Name == c.Connector)))
        {
            if (_connections.GetValueOrDefault((connection.Workspace, connection.Name)) == connection.Revision) continue;
            await deployer.ConnectAsync(host.Workspace(connection.Workspace), connection, cancellationToken).ConfigureAwait(false);
            _connections[(connection.Workspace, connection.Name)] = connection.Revision;
        }

        foreach (var gone in _connections.Keys.Where(k => !stored.Any(c => c.Workspace == k.Workspace && c.Name == k.Name)).ToList())
        {
            _connections.Remove(gone);
            var workspace = host.Workspace(gone.Workspace);
            if (workspace.KeptConnections.TryRemove(gone.Name, out _)) await workspace.Connections.RemoveAsync(gone.Name).ConfigureAwait(false);
        }
    }

    private async Task FollowStatesAsync(CancellationToken cancellationToken)
    {
        foreach (var record in await host.View.Deployments.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            var deployment = new DeploymentRef(record.Workspace, record.Id);
            var now = (record.State, record.PausedBecause);
            var known = _states.TryGetValue(deployment, out var before);
            _states[deployment] = now;
            if (known && before != now && host.Runtime.Registry.Find(deployment) is { } active && (active.State, active.PausedBecause) != now) host.Runtime.Registry.SetState(deployment, record.State, record.PausedBecause);
        }
    }
}
