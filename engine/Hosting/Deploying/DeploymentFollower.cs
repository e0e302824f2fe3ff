using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;
using DeploymentState = WorkflowEngine.Runtime.DeploymentState;

namespace WorkflowEngine.Hosting;

/// <summary>
/// Follows what other processes that share the database were told through the API: connections, deployments, their pauses, tokens of inbound calls. What was read last is remembered: a state that this
/// process gives by itself stays until another is told.
/// </summary>
public sealed class DeploymentFollower(FlowHost host, Deployer deployer)
{
    /// <summary>How many times as long as a vendor was waited for in vain it is left alone.</summary>
    private const int Rest = 4;

    /// <summary>A revision alone does not tell: a connection that is taken away and made again begins with 1.</summary>
    private readonly Dictionary<(string Workspace, string Name), (long Revision, DateTimeOffset At)> _connections = [];
    /// <summary>A connection whose vendor did not answer is asked for again, else what runs would keep the old address and secrets; not so often that all else is followed late.</summary>
    private readonly Dictionary<(string Workspace, string Name), DateTimeOffset> _askAgain = [];
    /// <summary>Told twice between two looks a state may end as it was, while this process stands where it was told the first: what counts is that something was told. The state too, for servers of a version that does not count.</summary>
    private readonly Dictionary<DeploymentRef, (DeploymentState State, string? Because, long Revision)> _states = [];

    /// <summary>Looks once. Returns one sentence for each flow that is not active.</summary>
    public async Task<IReadOnlyList<string>> FollowAsync(CancellationToken cancellationToken)
    {
        host.Hooks.SetKept(await host.Settings.HookTokens.ReadAsync(null, cancellationToken).ConfigureAwait(false));
        var stored = await host.Settings.Connections.ReadAsync(null, cancellationToken).ConfigureAwait(false);
        await FollowConnectionsAsync(stored, cancellationToken).ConfigureAwait(false);
        var problems = await deployer.FollowAsync(cancellationToken).ConfigureAwait(false);
        // Behind the deployments: one that is taken away with its connection has it until nothing of it is left.
        await ForgetConnectionsAsync(stored).ConfigureAwait(false);
        await FollowStatesAsync(cancellationToken).ConfigureAwait(false);
        return problems;
    }

    private async Task FollowConnectionsAsync(IReadOnlyList<StoredConnection> stored, CancellationToken cancellationToken)
    {
        foreach (var connection in stored.Where(c => host.Connectors.Any(i => i.Descriptor.Name == c.Connector)))
        {
            var (name, now) = ((connection.Workspace, connection.Name), (connection.Revision, connection.UpdatedAt));
            if (_connections.GetValueOrDefault(name) == now || _askAgain.GetValueOrDefault(name) > host.Time.GetUtcNow()) continue;
            var (workspace, asked) = (host.Workspace(connection.Workspace), host.Time.GetTimestamp());
            await deployer.ConnectAsync(workspace, connection, cancellationToken).ConfigureAwait(false);
            if (await ConnectionBinder.RebindAsync(host.Runtime.Registry, workspace, connection.Name, cancellationToken).ConfigureAwait(false)) _connections[name] = now;
            else _askAgain[name] = host.Time.GetUtcNow() + (host.Time.GetElapsedTime(asked) * Rest);
        }
    }

    private async Task ForgetConnectionsAsync(IReadOnlyList<StoredConnection> stored)
    {
        foreach (var gone in _connections.Keys.Where(k => !stored.Any(c => c.Workspace == k.Workspace && c.Name == k.Name)).ToList())
        {
            _connections.Remove(gone);
            var workspace = host.Workspace(gone.Workspace);
            if (workspace.KeptConnections.TryRemove(gone.Name, out _)) await workspace.Connections.RemoveAsync(gone.Name).ConfigureAwait(false);
        }
    }

    private async Task FollowStatesAsync(CancellationToken cancellationToken)
    {
        var records = await host.View.Deployments.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        foreach (var workspace in records.Where(r => !IsKnown(r)).Select(r => r.Workspace).Distinct().ToList())
        {
            // Read again where nobody changes it in this process: what was read before could be older than what it is told meanwhile.
            await using var change = await host.Workspace(workspace).ChangeAsync(cancellationToken).ConfigureAwait(false);
            records = await host.View.Deployments.ReadAllAsync(cancellationToken).ConfigureAwait(false);
            foreach (var record in records.Where(r => r.Workspace == workspace && !IsKnown(r))) await FollowStateAsync(record).ConfigureAwait(false);
        }
    }

    private bool IsKnown(DeploymentRecord record) => _states.TryGetValue(new DeploymentRef(record.Workspace, record.Id), out var known) && known == Told(record);

    private static (DeploymentState State, string? Because, long Revision) Told(DeploymentRecord record) => (record.State, record.PausedBecause, record.StateRevision);

    private async Task FollowStateAsync(DeploymentRecord record)
    {
        var deployment = new DeploymentRef(record.Workspace, record.Id);
        // Looked at for the first time, it may have been told since this process read it to activate it; what this process found out itself since then stays.
        var first = !_states.ContainsKey(deployment);
        if (host.Runtime.Registry.Find(deployment) is { } active && !(first && (active.State, active.PausedBecause) == (record.State, record.PausedBecause)))
        {
            await host.Runtime.FollowStateAsync(deployment, record.State, record.PausedBecause).ConfigureAwait(false);
        }

        // Behind it: what the store's trouble cut off is tried at the next look.
        _states[deployment] = Told(record);
    }
}
