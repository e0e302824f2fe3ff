using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Cluster;

/// <summary>What this node holds by leases. A lane is taken (its token is known, nothing runs yet), owned (its events are claimed), left (runs in memory end) or lost (another node took it), then none.</summary>
public sealed class LaneOwnership(TimeProvider time) : IOwnership
{
    /// <summary>For how long after the question a lease that was read as ours is ours.</summary>
    public static readonly TimeSpan Confirmed = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After a loss nothing is begun for a while: what was about to leave when the process froze goes on just behind its thaw, and must not get out.
    /// </summary>
    private static readonly TimeSpan AfterLoss = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly long[] _tokens = new long[Lane.Count];
    private readonly Hold[] _holds = new Hold[Lane.Count];
    private volatile int[] _owned = [];
    private volatile bool _holdsAny;
    private long _confirmedAt;
    private long _lostAt;

    public event Action? Changed;

    private enum Hold
    {
        None,
        Taken,
        Owned,
        Left,
        Lost,
    }

    public IReadOnlyList<int> OwnedLanes => _owned;

    public bool Owns(int lane) => Array.BinarySearch(_owned, lane) >= 0;

    public long FencingToken(int lane) => Volatile.Read(ref _tokens[lane]);

    /// <summary>A node that holds no lane has nothing that another could take from it.</summary>
    private bool MayCall => !HasJustLost && (!_holdsAny || IsWithin(ref _confirmedAt, Confirmed));

    private bool HasJustLost => Volatile.Read(ref _lostAt) != 0 && IsWithin(ref _lostAt, AfterLoss);

    public async ValueTask<bool> MayCallAsync(CancellationToken cancellationToken)
    {
        if (MayCall) return true;
        for (var waited = TimeSpan.Zero; waited < Patience && !HasJustLost; waited += Look)
        {
            await Task.Delay(Look, time, cancellationToken).ConfigureAwait(false);
            if (MayCall) return true;
        }

        return false;
    }

    /// <summary>Lanes this node has a token of, with it: those of which nothing is in memory may be given back, or forgotten when they were lost.</summary>
    public IReadOnlyList<(int Lane, long Token, bool Lost)> Ending
    {
        get
        {
            lock (_gate) return [.. Lanes(Hold.Left, Hold.Lost).Select(lane => (lane, _tokens[lane], _holds[lane] == Hold.Lost))];
        }
    }

    /// <summary>Whether the lane is none of this node's, and none of its runs is left in memory.</summary>
    public bool IsFree(int lane)
    {
        lock (_gate) return _holds[lane] == Hold.None;
    }

    /// <summary>The leases as they were read. Returns the lanes that were lost.</summary>
    /// <param name="node">This node's name in the leases.</param>
    /// <param name="leases">All leases.</param>
    /// <param name="askedAt">The timestamp before they were asked for.</param>
    public IReadOnlyList<int> Confirm(string node, IReadOnlyList<LaneLease> leases, long askedAt)
    {
        List<int> lost = [];
        lock (_gate)
        {
            foreach (var lease in leases)
            {
                if (_holds[lease.Lane] is Hold.None or Hold.Lost || (lease.Owner == node && lease.Token == _tokens[lease.Lane])) continue;
                _holds[lease.Lane] = Hold.Lost;
                lost.Add(lease.Lane);
            }

            // The loss first: whoever sees the confirmation sees it too.
            if (lost.Count > 0) Volatile.Write(ref _lostAt, time.GetTimestamp());
            Volatile.Write(ref _confirmedAt, askedAt);
            Renew();
        }

        if (lost.Count > 0) Changed?.Invoke();
        return lost;
    }

    /// <summary>Leases were taken; their lanes are not run yet.</summary>
    public void Take(IEnumerable<LaneLease> leases)
    {
        lock (_gate)
        {
            foreach (var lease in leases)
            {
                Volatile.Write(ref _tokens[lease.Lane], lease.Token);
                _holds[lease.Lane] = Hold.Taken;
            }

            Renew();
        }
    }

    /// <summary>Lanes that were taken are run from now on, but those that were lost meanwhile.</summary>
    public void Own(IEnumerable<int> lanes) => Change(lanes, Hold.Taken, Hold.Owned);

    /// <summary>Nothing more is claimed of these lanes.</summary>
    public void Leave(IEnumerable<int> lanes) => Change(lanes, Hold.Owned, Hold.Left);

    /// <summary>The lane is none of this node's any more, and nothing of it is in memory.</summary>
    public void Forget(int lane)
    {
        lock (_gate)
        {
            if (_holds[lane] is not (Hold.Left or Hold.Lost)) return;
            _holds[lane] = Hold.None;
            Volatile.Write(ref _tokens[lane], 0);
            Renew();
        }
    }

    private void Change(IEnumerable<int> lanes, Hold from, Hold to)
    {
        lock (_gate)
        {
            foreach (var lane in lanes)
            {
                if (_holds[lane] == from) _holds[lane] = to;
            }

            Renew();
        }

        Changed?.Invoke();
    }

    private void Renew()
    {
        _owned = [.. Lanes(Hold.Owned)];
        _holdsAny = _holds.Any(hold => hold != Hold.None);
    }

    private IEnumerable<int> Lanes(params Hold[] holds) => Enumerable.Range(0, Lane.Count).Where(lane => holds.Contains(_holds[lane]));

    private bool IsWithin(ref long since, TimeSpan most) => time.GetElapsedTime(Volatile.Read(ref since)) < most;
}
