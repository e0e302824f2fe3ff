using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Cluster;

/// <summary>
/// Keeps this node's leases: confirms them four times a second, takes lanes that are assigned to it and free or of a node that is gone, gives back those that are not when nothing of them is in memory.
/// </summary>
internal sealed class LaneKeeper(
    string node, LaneOwnership ownership, LeaseStore leases, EngineRuntime runtime, IPlacementGrain placement, Func<Task> listen, TimeProvider time, ILogger<LaneKeeper> log) : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    /// <summary>Until its owner cannot begin a call any more: a lease that it read a moment before the take is good for so long.</summary>
    private static readonly TimeSpan AfterTake = LaneOwnership.Confirmed + TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(long Due, int[] Lanes)> _taken = new();
    private volatile IReadOnlyList<LaneLease> _read = [];
    private volatile Assignment? _assigned;
    private volatile bool _leaving;
    private long _refreshed;
    private Task _loops = Task.CompletedTask;

    public string Node => node;

    /// <summary>Nodes that live, as far as is known; this one is among them.</summary>
    public IReadOnlyList<string> Nodes => _assigned is { Nodes.Length: > 0 } assigned ? assigned.Nodes : [.. _read.Select(l => l.Owner).OfType<string>().Append(node).Distinct(StringComparer.Ordinal)];

    /// <summary>Loops of their own, so that an answer of the others, a takeover or a long look that is waited for never keeps a lease from being confirmed.</summary>
    public void Start() => _loops = Task.WhenAll(
        Task.Run(() => RepeatAsync(ConfirmAsync, Every)), Task.Run(() => RepeatAsync(AskAsync, AskEvery)), Task.Run(() => RepeatAsync(OwnTakenAsync, Every)), Task.Run(() => RepeatAsync(LookAsync, LookEvery)));

    /// <summary>Claims nothing more and gives the lanes back as their runs end, at most for a time.</summary>
    public async Task LeaveAsync(TimeSpan most)
    {
        _leaving = true;
        for (var waited = TimeSpan.Zero; waited < most && !_loops.IsCompleted && Enumerable.Range(0, Lane.Count).Any(lane => !ownership.IsFree(lane)); waited += Every)
        {
            await Task.Delay(Every, time).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loops.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> round, TimeSpan every)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await round(_stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The database or the others cannot be reached: what is not confirmed begins no call, and the next round tries again.
                ClusterLog.RoundFailed(log, e.Message);
            }

            await Task.Delay(every, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        var all = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var lost = ownership.Confirm(node, all, asked);
        _read = all;
        if (lost.Count > 0) ClusterLog.Lost(log, lost.Count, string.Join(", ", lost));
        await EndAsync(cancellationToken).ConfigureAwait(false);
        if (_assigned is { } assigned) await FollowAsync(assigned, all, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A question that a database leaves open must not keep a later one from being answered.</summary>
    private async Task<IReadOnlyList<LaneLease>> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerTime);
        return await leases.ReadAsync(limit.Token).ConfigureAwait(false);
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        var ended = ownership.Ending.Where(e => runtime.RunsOf(e.Lane) == 0).ToList();
        var given = ended.Where(e => !e.Lost).Select(e => new LaneLease(e.Lane, node, e.Token)).ToList();
        if (given.Count > 0)
        {
            await leases.ReleaseAsync(node, given, cancellationToken).ConfigureAwait(false);
            ClusterLog.Gave(log, given.Count);
        }

        foreach (var (lane, _, _) in ended) ownership.Forget(lane);
    }

    private async Task OwnTakenAsync(CancellationToken cancellationToken)
    {
        for (var left = _taken.Count; left > 0 && _taken.TryDequeue(out var taken); left--)
        {
            if (taken.Due > time.GetTimestamp())
            {
                _taken.Enqueue(taken);
                continue;
            }

            try
            {
                var died = await runtime.TakeOverAsync(taken.Lanes, cancellationToken).ConfigureAwait(false);
                ownership.Own(taken.Lanes);
                ClusterLog.Owns(log, taken.Lanes.Length, ownership.OwnedLanes.Count, died);
            }
            catch
            {
                _taken.Enqueue(taken);
                throw;
            }
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        if (_leaving)
        {
            _assigned = new Assignment([], []);
            return;
        }

        try
        {
            await listen().WaitAsync(AnswerTime, cancellationToken).ConfigureAwait(false);
            _assigned = await placement.AssignAsync(node, [.. Enumerable.Range(0, Lane.Count).Select(lane => _read.FirstOrDefault(l => l.Lane == lane)?.Owner)]).WaitAsync(AnswerTime, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // Without an answer nothing moves: who lives is not known.
            _assigned = null;
            throw;
        }
    }

    private async Task FollowAsync(Assignment assigned, IReadOnlyList<LaneLease> all, CancellationToken cancellationToken)
    {
        ownership.Leave(ownership.OwnedLanes.Except(assigned.Lanes).ToList());
        var free = all.Where(l => assigned.Lanes.Contains(l.Lane) && ownership.IsFree(l.Lane) && (l.Owner is null || !assigned.Nodes.Contains(l.Owner))).ToList();
        if (free.Count == 0) return;
        var taken = await leases.TakeAsync(node, free, cancellationToken).ConfigureAwait(false);
        ownership.Take(taken);
        var orphaned = free.Where(l => l.Owner is not null).Select(l => l.Lane).ToHashSet();
        Later([.. taken.Where(l => !orphaned.Contains(l.Lane)).Select(l => l.Lane)], TimeSpan.Zero);
        Later([.. taken.Where(l => orphaned.Contains(l.Lane)).Select(l => l.Lane)], AfterTake);
    }

    private void Later(int[] lanes, TimeSpan wait)
    {
        if (lanes.Length > 0) _taken.Enqueue((time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency), lanes));
    }

    /// <summary>What a bell did not say: events accepted elsewhere, backfills begun or ended, incidents and dead letters that others opened or closed.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        runtime.Hear(null);
        await runtime.Backfills.FollowAsync(cancellationToken).ConfigureAwait(false);
        if (time.GetElapsedTime(_refreshed) < RefreshEvery) return;
        _refreshed = time.GetTimestamp();
        await runtime.RefreshAsync(cancellationToken).ConfigureAwait(false);
    }
}
