using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Where backfills are begun, watched and ended. Those that were under way when the process ended go on at its start.</summary>
public sealed class BackfillBook : IAsyncDisposable
{
    public const int MostRecords = 10_000;

    private static readonly TimeSpan AfterCrash = TimeSpan.FromSeconds(5);

    private readonly DeploymentRegistry _registry;
    private readonly IOwnership _ownership;
    private readonly RuntimeStores _stores;
    private readonly IGroupCommit _commit;
    private readonly Func<Backfill, BackfillRunner> _make;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly Dictionary<string, (CancellationTokenSource Stop, Task Done)> _running = [];
    private readonly ConcurrentDictionary<DeploymentRef, BackfillRunner> _runners = new();
    private volatile ImmutableDictionary<DeploymentRef, ImmutableList<(DateTimeOffset From, DateTimeOffset To)>> _cancelled = ImmutableDictionary<DeploymentRef, ImmutableList<(DateTimeOffset, DateTimeOffset)>>.Empty;
    private bool _stopped = true;

    internal BackfillBook(
        DeploymentRegistry registry, IOwnership ownership, RuntimeStores stores, IGroupCommit commit, Func<Backfill, BackfillRunner> make, TimeProvider time, ILogger log) =>
        (_registry, _ownership, _stores, _commit, _make, _time, _log) = (registry, ownership, stores, commit, make, time, log);

    /// <summary>Goes on with what was under way.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate) _stopped = false;
        return FollowAsync(cancellationToken);
    }

    /// <summary>Runs what is under way and belongs to this node, stops what ended or went to another, and knows what was cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        var all = await _stores.Backfills.ListAsync(null, null, null, cancellationToken).ConfigureAwait(false);
        _cancelled = all.Where(b => b.State == BackfillState.Cancelled).GroupBy(b => b.Deployment).ToImmutableDictionary(g => g.Key, g => g.Select(TimeOf).ToImmutableList());
        foreach (var backfill in all.Where(b => b.IsOpen && IsOurs(b))) Run(backfill);
        List<(CancellationTokenSource Stop, Task Done)> gone = [];
        lock (_gate)
        {
            foreach (var backfill in all.Where(b => !b.IsOpen || !IsOurs(b)))
            {
                if (_running.Remove(backfill.Id, out var running)) gone.Add(running);
            }
        }

        foreach (var (stop, _) in gone) await stop.CancelAsync().ConfigureAwait(false);
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
        await StopAsync().ConfigureAwait(false);
        _starting.Dispose();
    }

    /// <summary>Begins a backfill; one at a time of a deployment.</summary>
    public async Task<BackfillAnswer> BeginAsync(ActiveDeployment deployment, BackfillOrder order, string by, CancellationToken cancellationToken)
    {
        var readable = deployment.Flow.Triggers.Where(t => t is { Connection: not null, Entity: not null, Event: not null } && t.Event.Name != "deleted").ToList();
        var trigger = order.Trigger is null ? readable.FirstOrDefault() : readable.FirstOrDefault(t => t.Id == order.Trigger);
        if (trigger is null)
        {
            return new BackfillAnswer(null, order.Trigger is null ? $"The flow {deployment.Flow.Id} reads no records: there is nothing to go back to." : $"The flow has no trigger '{order.Trigger}' that reads records; it has {string.Join(", ", readable.Select(t => t.Id))}.");
        }

        var way = order.By ?? (order.Records.Count > 0 ? BackfillBy.List : BackfillBy.Feed);
        if (Wrong(trigger, order, way) is { } wrong) return new BackfillAnswer(null, wrong);
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var open = await _stores.Backfills.ListAsync(deployment.Ref.Workspace, deployment.Ref.Id, BackfillState.Running, cancellationToken).ConfigureAwait(false);
            if (open.Count > 0) return new BackfillAnswer(open[0], $"The backfill {open[0].Id} of this deployment is under way; cancel it or wait.");
            var now = _time.GetUtcNow();
            var backfill = new Backfill
            {
                Id = Guid.CreateVersion7(now).ToString("N"), Deployment = deployment.Ref, Trigger = trigger.Id, Entity = trigger.Entity!.Name, By = way, From = order.From,
                Feed = way == BackfillBy.Feed ? trigger.Event!.Feeds[0] : null, Records = way == BackfillBy.List ? order.Records : [], StartedBy = by, StartedAt = now,
            };
            await _commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([new SaveBackfill(backfill)])).ConfigureAwait(false);
            if (IsOurs(backfill)) Run(backfill);
            return new BackfillAnswer(backfill, null);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Ends it: nothing more is read, and what has not begun to run ends without doing anything. What it did stays.</summary>
    public async Task<BackfillAnswer> CancelAsync(string workspace, string id, string by, CancellationToken cancellationToken)
    {
        if (await _stores.Backfills.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false) is not { } backfill) return new BackfillAnswer(null, "There is no such backfill.");
        if (!backfill.IsOpen || !await EndAsync(backfill, $"Cancelled by {by}.", cancellationToken).ConfigureAwait(false)) return new BackfillAnswer(backfill, $"It has ended already ({backfill.State}).");
        return new BackfillAnswer(await _stores.Backfills.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false) ?? backfill, null);
    }

    /// <summary>Ends those of a deployment that is taken away.</summary>
    internal async Task EndAllAsync(DeploymentRef deployment, string because, CancellationToken cancellationToken)
    {
        foreach (var open in await _stores.Backfills.ListAsync(deployment.Workspace, deployment.Id, BackfillState.Running, cancellationToken).ConfigureAwait(false))
        {
            await EndAsync(open, because, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>One was ended before it was done.</summary>
    internal event Action<Backfill>? Cancelled;

    /// <summary>False: it has ended by itself meanwhile.</summary>
    private async Task<bool> EndAsync(Backfill backfill, string because, CancellationToken cancellationToken)
    {
        (CancellationTokenSource Stop, Task Done) running;
        lock (_gate) _running.Remove(backfill.Id, out running);
        if (running.Stop is not null)
        {
            await running.Stop.CancelAsync().ConfigureAwait(false);
            await running.Done.ConfigureAwait(false);
            running.Stop.Dispose();
            backfill = await _stores.Backfills.FindAsync(backfill.Deployment.Workspace, backfill.Id, cancellationToken).ConfigureAwait(false) ?? backfill;
        }

        if (!backfill.IsOpen) return false;
        backfill = backfill with { State = BackfillState.Cancelled, Problem = because, EndedAt = _time.GetUtcNow() };
        await _commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([new SaveBackfill(backfill)])).ConfigureAwait(false);
        Forget(backfill);
        Cancelled?.Invoke(backfill);
        return true;
    }

    /// <summary>Backfills of a deployment, newest first, with how they get on.</summary>
    public async Task<IReadOnlyList<BackfillProgress>> ListAsync(string workspace, Guid? deployment, CancellationToken cancellationToken)
    {
        var all = await _stores.Backfills.ListAsync(workspace, deployment, null, cancellationToken).ConfigureAwait(false);
        var backlog = all.Any(b => b.IsOpen) ? await _stores.Inbox.CountAsync(cancellationToken).ConfigureAwait(false) : [];
        return [.. all.Select(b => Progress(b, backlog))];
    }

    public async Task<BackfillProgress?> FindAsync(string workspace, string id, CancellationToken cancellationToken) =>
        await _stores.Backfills.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false) is { } found ? Progress(found, await _stores.Inbox.CountAsync(cancellationToken).ConfigureAwait(false)) : null;

    /// <summary>Whether an event belongs to a backfill that was cancelled.</summary>
    internal bool IsCancelled(ReadyEvent backfilled)
    {
        if (_cancelled.Count == 0 || !_cancelled.TryGetValue(backfilled.Key.Deployment, out var times)) return false;
        foreach (var (from, to) in times)
        {
            if (backfilled.ReceivedAt >= from && backfilled.ReceivedAt <= to) return true;
        }

        return false;
    }

    /// <summary>Records of a deployment's backfill that have not run yet, as far as is known.</summary>
    internal long Ahead(DeploymentRef deployment) => _runners.TryGetValue(deployment, out var runner) ? runner.Ahead : 0;

    private static string? Wrong(PlanTrigger trigger, BackfillOrder order, BackfillBy way) => way switch
    {
        BackfillBy.List when order.Records.Count is 0 or > MostRecords => $"By list: 1 to {MostRecords} ids of {trigger.Entity!.Name} in 'records' are expected.",
        BackfillBy.List when order.Records.Any(id => id.Length is 0 or > 100) => "An id is 1 to 100 characters long.",
        BackfillBy.Feed or BackfillBy.Query when order.Records.Count > 0 => "Records are named one by one only by list.",
        BackfillBy.Feed when trigger.Event!.Feeds.Count == 0 => $"{trigger.Entity!.Name} has no feed; go by query or by list.",
        BackfillBy.Query when !trigger.Entity!.Queryable => $"{trigger.Entity.Name} cannot be queried; go by feed or by list.",
        _ => null,
    };

    private BackfillProgress Progress(Backfill backfill, IReadOnlyList<BacklogCount> backlog)
    {
        if (!backfill.IsOpen) return new BackfillProgress(backfill, 0, null);
        var waiting = backlog.FirstOrDefault(b => b.Deployment == backfill.Deployment)?.Backfill ?? 0;
        var now = _time.GetUtcNow();
        var done = backfill.Read - waiting;
        // How much of all is done: by count where it is known, else by how far the feed has come in time.
        var part = backfill.State == BackfillState.Running ? Share(done, backfill.Read)
            : backfill.Total is { } total ? Share(done, total)
            : backfill is { From: { } from, HighWater: { } at } && backfill.StartedAt > from ? Share((at - from).TotalSeconds, (backfill.StartedAt - from).TotalSeconds) * Share(done, backfill.Read)
            : 0;
        return new BackfillProgress(backfill, waiting, part > 0.001 ? now + ((now - backfill.StartedAt) * ((1 - part) / part)) : null);
    }

    private static double Share(double part, double whole) => whole <= 0 ? 1 : Math.Clamp(part / whole, 0, 1);

    private void Forget(Backfill cancelled)
    {
        var times = _cancelled.GetValueOrDefault(cancelled.Deployment, []);
        _cancelled = _cancelled.SetItem(cancelled.Deployment, times.Add(TimeOf(cancelled)));
    }

    private static (DateTimeOffset From, DateTimeOffset To) TimeOf(Backfill cancelled) => (cancelled.StartedAt, cancelled.EndedAt ?? DateTimeOffset.MaxValue);

    private bool IsOurs(Backfill backfill) => _ownership.Owns(Lane.OfBackfill(backfill.Deployment.Workspace, backfill.Id));

    private void Run(Backfill backfill)
    {
        lock (_gate)
        {
            if (_stopped || _running.ContainsKey(backfill.Id)) return;
            var stop = new CancellationTokenSource();
            _running[backfill.Id] = (stop, Task.Run(() => RunAsync(backfill, stop.Token)));
        }
    }

    private async Task RunAsync(Backfill backfill, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var runner = _runners[backfill.Deployment] = _make(backfill);
                await runner.RunAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                BackfillLog.Crashed(_log, backfill.Id, e);
                try
                {
                    await Task.Delay(AfterCrash, _time, cancellationToken).ConfigureAwait(false);
                    backfill = await _stores.Backfills.FindAsync(backfill.Deployment.Workspace, backfill.Id, cancellationToken).ConfigureAwait(false) ?? backfill;
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }
}
