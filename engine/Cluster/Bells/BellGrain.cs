using Orleans.Concurrency;

namespace WorkflowEngine.Cluster;

/// <inheritdoc cref="IBellGrain"/>
[Reentrant]
internal sealed class BellGrain(TimeProvider time) : Grain, IBellGrain
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, (IBell Bell, long Said)> _bells = new(StringComparer.Ordinal);

    public Task ListenAsync(string node, IBell bell)
    {
        _bells[node] = (bell, time.GetTimestamp());
        foreach (var gone in _bells.Where(b => time.GetElapsedTime(b.Value.Said) > Memory).Select(b => b.Key).ToList()) _bells.Remove(gone);
        return Task.CompletedTask;
    }

    public Task RingAsync(string node, Ring ring) => Task.WhenAll(_bells.Where(b => b.Key != node).Select(b => b.Value.Bell.RingAsync(ring)));
}
