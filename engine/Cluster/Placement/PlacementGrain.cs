using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cluster;

/// <inheritdoc cref="IPlacementGrain"/>
internal sealed class PlacementGrain(ISiloStatusOracle silos, TimeProvider time) : Grain, IPlacementGrain
{
    /// <summary>Who is silent for so long is gone, whatever the membership says: its process may be there and its work stand still.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(8);

    /// <summary>After a start those that hold leases and are alive are given time to ask: their lanes do not move meanwhile.</summary>
    private static readonly TimeSpan Acquaintance = TimeSpan.FromSeconds(4);

    private readonly Dictionary<string, long> _asked = new(StringComparer.Ordinal);
    private readonly long _since = time.GetTimestamp();
    private string?[] _placed = new string?[Lane.Count];

    public Task<Assignment> AssignAsync(string node, string?[] owners)
    {
        _asked[node] = time.GetTimestamp();
        var living = Living(owners);
        if (living.Count == 0) return Task.FromResult(new Assignment([], []));
        for (var lane = 0; lane < Lane.Count; lane++) _placed[lane] ??= owners[lane];
        _placed = [.. LaneSharing.Share(_placed, living)];
        return Task.FromResult(new Assignment([.. Enumerable.Range(0, Lane.Count).Where(lane => _placed[lane] == node)], [.. living]));
    }

    public Task LeaveAsync(string node)
    {
        _asked.Remove(node);
        return Task.CompletedTask;
    }

    private List<string> Living(string?[] owners)
    {
        var active = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Select(s => s.ToParsableString()).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _asked.Where(a => !active.Contains(a.Key) || time.GetElapsedTime(a.Value) > Silence).Select(a => a.Key).ToList()) _asked.Remove(gone);
        var living = _asked.Keys.ToHashSet(StringComparer.Ordinal);
        if (time.GetElapsedTime(_since) < Acquaintance) living.UnionWith(owners.OfType<string>().Where(active.Contains));
        return [.. living];
    }
}
