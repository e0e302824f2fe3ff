using System.Collections.Immutable;

namespace WorkflowEngine.Runtime;

/// <summary>Finds an older flow version of a deployment, bound like the active one; null when it cannot be found any more.</summary>
public delegate Task<ActiveDeployment?> FindVersion(ActiveDeployment active, string flowHash, CancellationToken cancellationToken);

/// <summary>The deployments of this node: an immutable snapshot, swapped whole. A run goes on with the version it began with.</summary>
public sealed class DeploymentRegistry(FindVersion findVersion)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(DeploymentRef, string), ActiveDeployment> _older = [];
    private volatile ImmutableDictionary<DeploymentRef, ActiveDeployment> _active = ImmutableDictionary<DeploymentRef, ActiveDeployment>.Empty;

    /// <summary>Raised after a swap.</summary>
    public event Action? Changed;

    public IReadOnlyCollection<ActiveDeployment> All => _active.Count == 0 ? [] : [.. _active.Values];

    public ActiveDeployment? Find(DeploymentRef deployment) => _active.GetValueOrDefault(deployment);

    public ActiveDeployment? FindByName(string workspace, string name)
    {
        foreach (var deployment in _active.Values)
        {
            if (deployment.Name == name && deployment.Ref.Workspace == workspace) return deployment;
        }

        return null;
    }

    /// <summary>The deployment of another flow of the same deployment file (or of this flow itself); null when there is none.</summary>
    public ActiveDeployment? FindSibling(ActiveDeployment deployment, string flow)
    {
        if (deployment.Flow.Id == flow) return Find(deployment.Ref);
        foreach (var other in _active.Values)
        {
            if (other.Flow.Id == flow && other.Ref.Workspace == deployment.Ref.Workspace && other.Group == deployment.Group) return other;
        }

        return null;
    }

    /// <summary>Activates: one swap.</summary>
    public void Set(ActiveDeployment deployment)
    {
        lock (_gate)
        {
            if (_active.TryGetValue(deployment.Ref, out var before))
            {
                if (before.Flow.Hash != deployment.Flow.Hash) _older[(before.Ref, before.Flow.Hash)] = before;
                else _older.Remove((before.Ref, before.Flow.Hash));
            }

            _active = _active.SetItem(deployment.Ref, deployment);
        }

        Changed?.Invoke();
    }

    /// <summary>Replaces the whole set at once.</summary>
    public void SetAll(IEnumerable<ActiveDeployment> deployments)
    {
        lock (_gate)
        {
            _active = deployments.ToImmutableDictionary(d => d.Ref);
        }

        Changed?.Invoke();
    }

    public void Remove(DeploymentRef deployment)
    {
        lock (_gate) _active = _active.Remove(deployment);
        Changed?.Invoke();
    }

    /// <summary>Changes the state of a deployment; false when there is none, or when it is being taken away: paused, what waits of it would never end.</summary>
    public bool SetState(DeploymentRef deployment, DeploymentState state, string? because)
    {
        lock (_gate)
        {
            if (!_active.TryGetValue(deployment, out var active) || active.RetiredBecause is not null) return false;
            _active = _active.SetItem(deployment, active with { State = state, PausedBecause = because });
        }

        Changed?.Invoke();
        return true;
    }

    /// <summary>Lets a deployment, as it stands at that moment, go on with other connections, parked runs of its older versions too. False when there is none.</summary>
    public bool SetConnections(DeploymentRef deployment, Func<IReadOnlyDictionary<string, BoundConnection>, IReadOnlyDictionary<string, BoundConnection>> change)
    {
        lock (_gate)
        {
            if (!_active.TryGetValue(deployment, out var active)) return false;
            _active = _active.SetItem(deployment, active with { Connections = change(active.Connections) });
            foreach (var older in _older.Keys.Where(o => o.Item1 == deployment).ToList()) _older[older] = _older[older] with { Connections = change(_older[older].Connections) };
        }

        Changed?.Invoke();
        return true;
    }

    /// <summary>It is taken away for good; what waits ends. False when there is none.</summary>
    internal bool Retire(DeploymentRef deployment, string because)
    {
        lock (_gate)
        {
            if (!_active.TryGetValue(deployment, out var active)) return false;
            // Not paused: its events must be taken up to end.
            _active = _active.SetItem(deployment, active with { State = DeploymentState.Draining, PausedBecause = null, RetiredBecause = because });
        }

        Changed?.Invoke();
        return true;
    }

    /// <summary>The deployment as of a flow version.</summary>
    public async ValueTask<ActiveDeployment?> FindVersionAsync(DeploymentRef deployment, string flowHash, CancellationToken cancellationToken)
    {
        var active = Find(deployment);
        if (active is null || active.Flow.Hash == flowHash) return active;
        lock (_gate)
        {
            if (_older.TryGetValue((deployment, flowHash), out var known)) return known;
        }

        var found = await findVersion(active, flowHash, cancellationToken).ConfigureAwait(false);
        if (found is null) return null;
        lock (_gate) _older[(deployment, flowHash)] = found;
        return found;
    }
}
