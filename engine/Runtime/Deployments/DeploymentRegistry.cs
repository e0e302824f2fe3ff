using System.Collections.Concurrent;
using System.Collections.Immutable;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Which deployments there are: a snapshot that is swapped whole. A version that left is still found by its hash, so a parked run goes on with it.</summary>
/// <param name="older">Finds a version that is not in memory any more (after a restart); null when there is none.</param>
public sealed class DeploymentRegistry(Func<DeploymentRef, string, CompiledFlow?>? older = null)
{
    private readonly ConcurrentDictionary<(DeploymentRef, string), CompiledFlow> _versions = new();
    private readonly Lock _gate = new();
    private ImmutableDictionary<DeploymentRef, ActiveDeployment> _all = ImmutableDictionary<DeploymentRef, ActiveDeployment>.Empty;

    /// <summary>Raised after every change, on the thread that made it.</summary>
    public event Action? Changed;

    public IReadOnlyCollection<ActiveDeployment> All => [.. Volatile.Read(ref _all).Values];

    public ActiveDeployment? Find(DeploymentRef deployment) => Volatile.Read(ref _all).GetValueOrDefault(deployment);

    public void Put(ActiveDeployment deployment)
    {
        _versions[(deployment.Ref, deployment.Flow.Hash)] = deployment.Flow;
        lock (_gate) _all = _all.SetItem(deployment.Ref, deployment);
        Changed?.Invoke();
    }

    public void Remove(DeploymentRef deployment)
    {
        lock (_gate) _all = _all.Remove(deployment);
        Changed?.Invoke();
    }

    public void SetState(DeploymentRef deployment, DeploymentState state)
    {
        lock (_gate)
        {
            if (!_all.TryGetValue(deployment, out var known) || known.State == state) return;
            _all = _all.SetItem(deployment, new ActiveDeployment
            {
                Ref = known.Ref, Name = known.Name, Flow = known.Flow, Connections = known.Connections, Parameters = known.Parameters, Tables = known.Tables,
                Since = known.Since, CreatedAt = known.CreatedAt, State = state,
            });
        }

        Changed?.Invoke();
    }

    /// <summary>A version of a deployment's flow, active or not; null when it is gone.</summary>
    public CompiledFlow? Version(DeploymentRef deployment, string hash)
    {
        if (_versions.TryGetValue((deployment, hash), out var flow)) return flow;
        if (older?.Invoke(deployment, hash) is not { } found) return null;
        _versions[(deployment, hash)] = found;
        return found;
    }
}
