using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cluster;

/// <summary>This node's bell: gathers what concerns others for a moment, and hands on what they rang.</summary>
internal sealed class NodeBell(EngineRuntime runtime, string node, Func<IBellGrain> grain, TimeProvider time) : IBell, IDisposable
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly HashSet<DeploymentRef> _events = [];
    private bool _anything;
    private bool _gathering;

    public void Start() => runtime.Concerns += Gathered;

    public void Dispose() => runtime.Concerns -= Gathered;

    public Task RingAsync(Ring ring)
    {
        for (var i = 0; i < ring.Deployments.Length; i++) runtime.Hear(new DeploymentRef(ring.Workspaces[i], ring.Deployments[i]));
        if (ring.Anything) runtime.Hear(null);
        return Task.CompletedTask;
    }

    private void Gathered(DeploymentRef? deployment)
    {
        lock (_gate)
        {
            if (deployment is { } events) _events.Add(events);
            else _anything = true;
            if (_gathering) return;
            _gathering = true;
        }

        _ = SendAsync();
    }

    private async Task SendAsync()
    {
        await Task.Delay(Gather, time).ConfigureAwait(false);
        Ring ring;
        lock (_gate)
        {
            ring = new Ring([.. _events.Select(e => e.Workspace)], [.. _events.Select(e => e.Id)], _anything);
            _events.Clear();
            (_anything, _gathering) = (false, false);
        }

        try
        {
            await grain().RingAsync(node, ring).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The others look by themselves every few seconds.
        }
    }
}
