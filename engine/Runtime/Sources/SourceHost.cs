using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Keeps one runner per source that a deployment needs and this node owns; follows the registry and ownership.</summary>
internal sealed class SourceHost : IAsyncDisposable
{
    private static readonly TimeSpan AfterCrash = TimeSpan.FromSeconds(5);

    private readonly DeploymentRegistry _registry;
    private readonly IOwnership _ownership;
    private readonly Func<SourceKey, SourceRunner> _make;
    private readonly TimeProvider _time;
    private readonly ILogger<SourceHost> _log;
    private readonly Lock _gate = new();
    private readonly Dictionary<SourceKey, (CancellationTokenSource Stop, Task Done)> _running = [];
    private readonly Dictionary<SourceKey, SourceRunner> _asked = [];
    private bool _stopped = true;

    public SourceHost(DeploymentRegistry registry, IOwnership ownership, Func<SourceKey, SourceRunner> make, TimeProvider time, ILogger<SourceHost> log)
    {
        (_registry, _ownership, _make, _time, _log) = (registry, ownership, make, time, log);
        registry.Changed += Follow;
        ownership.Changed += Follow;
    }

    /// <summary>The sources a deployment needs: one for each feed of each of its triggers.</summary>
    public static IEnumerable<(PlanTrigger Trigger, SourceKey Source)> SourcesOf(ActiveDeployment deployment)
    {
        if (deployment.RetiredBecause is not null) yield break;
        foreach (var trigger in deployment.Flow.Triggers)
        {
            if (trigger is not { Connection: { } logical, Entity: { } entity, Event: { } change }) continue;
            var realm = deployment.Connections[logical].Realm;

            // One that is opened by a schedule stands elsewhere than those that are always open.
            var scope = trigger.Kind == PlanTriggerKind.Schedule ? $"{deployment.Ref.Id:N}/{trigger.Id}"
                : deployment.Since is not null || trigger.Since is not null ? deployment.Ref.Id.ToString("N") : "";
            if (deployment.Connections[logical].NamesHash is { Length: > 0 } names) scope += "~" + names;
            foreach (var feed in change.Feeds) yield return (trigger, new SourceKey(deployment.Ref.Workspace, realm, entity.Name, feed, scope));
        }
    }

    public void Start()
    {
        lock (_gate) _stopped = false;
        Follow();
    }

    /// <summary>Asks every source now, one after the other, until each has nothing more; only where they are not polled by themselves.</summary>
    /// <returns>Null: all were read to their end; else when to ask those again that could not be, the longest of several.</returns>
    public async Task<TimeSpan?> PollAsync(CancellationToken cancellationToken)
    {
        TimeSpan? again = null;
        foreach (var key in Wanted())
        {
            if (!_asked.TryGetValue(key, out var runner)) _asked[key] = runner = _make(key);
            TimeSpan pause;
            do pause = await runner.PollOnceAsync(cancellationToken).ConfigureAwait(false);
            while (pause == TimeSpan.Zero);
            if (!runner.IsDrained && (again is null || pause > again)) again = pause;
        }

        return again;
    }

    /// <summary>Hands in hints that came by themselves. Null: all are stored; else why some are not, and when to come again, the longest of several.</summary>
    public async Task<Shedding?> HintAsync(string workspace, string realm, IReadOnlyList<WebhookHint> hints, CancellationToken cancellationToken)
    {
        Shedding? longest = null;
        foreach (var group in hints.GroupBy(h => h.Entity))
        {
            // An entity's first feed stands for it: every trigger of the entity has it.
            var keys = _registry.All.Where(d => d.Ref.Workspace == workspace).SelectMany(SourcesOf)
                .Where(s => s.Trigger.Kind != PlanTriggerKind.Schedule && s.Source.Realm == realm && s.Source.Entity == group.Key && s.Source.Feed == s.Trigger.Event!.Feeds[0])
                .Select(s => s.Source).Distinct().ToList();
            foreach (var key in keys)
            {
                var shed = await _make(key).HintAsync([.. group.Select(h => h.Row)], cancellationToken).ConfigureAwait(false);
                if (shed is not null && (longest is null || shed.RetryAfter > longest.RetryAfter)) longest = shed;
            }
        }

        return longest;
    }

    public async Task StopAsync()
    {
        List<(CancellationTokenSource Stop, Task Done)> all;
        lock (_gate)
        {
            _stopped = true;
            all = [.. _running.Values];
            _running.Clear();
        }

        foreach (var (stop, _) in all) await stop.CancelAsync().ConfigureAwait(false);
        foreach (var (stop, done) in all)
        {
            await done.ConfigureAwait(false);
            stop.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _registry.Changed -= Follow;
        _ownership.Changed -= Follow;
        await StopAsync().ConfigureAwait(false);
    }

    private HashSet<SourceKey> Wanted() =>
        _registry.All.SelectMany(SourcesOf).Where(s => s.Trigger.Kind != PlanTriggerKind.Schedule).Select(s => s.Source).Where(s => _ownership.Owns(Lane.OfCursor(s.Cursor))).ToHashSet();

    private void Follow()
    {
        lock (_gate)
        {
            if (_stopped) return;
            var wanted = Wanted();
            foreach (var key in _running.Keys.Where(k => !wanted.Contains(k)).ToList())
            {
                _running[key].Stop.Cancel();
                _running.Remove(key);
            }

            foreach (var key in wanted)
            {
                if (_running.ContainsKey(key)) continue;
                var stop = new CancellationTokenSource();
                _running[key] = (stop, Task.Run(() => RunAsync(key, stop.Token)));
            }
        }
    }

    private async Task RunAsync(SourceKey key, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await _make(key).RunAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                SourceLog.Crashed(_log, key.ToString(), e);
                try
                {
                    await Task.Delay(AfterCrash, _time, cancellationToken).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }
}
