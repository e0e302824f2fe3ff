using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>
/// The budget of one realm, for all its connections. Calls are spread over the second by their theoretical arrival time, so a burst never breaks a per-second limit. Of the calls of 24 hours a
/// reserve is never touched; retries take at most half of the rest; a backfill leaves a fifth to live work, and paces itself so that what live work and others are likely to take stays free.
/// </summary>
public sealed class RealmGate
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BackfillWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPace = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>A backfill may take two minutes' share at once: a small one is not paced at all.</summary>
    private const int BurstsPerDay = 720;

    /// <summary>Longer than a run waits in memory: it is parked, and learns there whether its lane is still this node's.</summary>
    private static readonly TimeSpan Unconfirmed = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time;
    private readonly IOwnership? _ownership;
    private readonly Lock _lock = new();
    private readonly DayCount _day = new();
    private RealmBudget _budget = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private DateTimeOffset _nextRetry = DateTimeOffset.MinValue;
    private DateTimeOffset _nextBackfill = DateTimeOffset.MinValue;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;
    private DateTimeOffset _paceAt = DateTimeOffset.MinValue;
    private double? _pace;
    private long? _limitSeen;
    private long _calls;
    private long _asked;
    private double _share = 1;
    private DayUse _others;

    /// <summary>A budget.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="ownership">Asked before each call whether this node may begin one; null = it always may.</param>
    public RealmGate(TimeProvider time, IOwnership? ownership = null) => (_time, _ownership) = (time, ownership);

    /// <summary>Calls let through since the start.</summary>
    public long Calls => Interlocked.Read(ref _calls);

    private long? Limit => _limitSeen ?? _budget.PerDay;

    /// <summary>What is known of the realm's limits; a later word of the vendor overrules it.</summary>
    public void Configure(RealmBudget budget)
    {
        lock (_lock) _budget = budget;
    }

    /// <summary>The vendor's own count of calls of everyone in 24 hours.</summary>
    public void Observe(long used, long limit)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            _day.Roll(now);
            _limitSeen = limit;
            _day.Observe(used - _others.All, now);
        }
    }

    /// <summary>Of several nodes: this one's part of the limit of the second and of a backfill's pace, and what the others called in 24 hours.</summary>
    public void Share(double share, DayUse others)
    {
        lock (_lock) (_share, _others) = (Math.Clamp(share, 0.001, 1), others);
    }

    /// <summary>What this node does with the budget; begins to count anew what is asked.</summary>
    public RealmUse Use(string realm)
    {
        lock (_lock)
        {
            _day.Roll(_time.GetUtcNow());
            var asked = _asked;
            _asked = 0;
            return new RealmUse(realm, new DayUse(_day.Of(CallPriority.Live), _day.Of(CallPriority.Retry), _day.Of(CallPriority.Backfill)), asked);
        }
    }

    public void Pause(TimeSpan pause)
    {
        lock (_lock)
        {
            var until = _time.GetUtcNow() + pause;
            if (until > _pausedUntil) _pausedUntil = until;
        }
    }

    public async ValueTask<OperationError?> EnterAsync(CallPriority priority, CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            _day.Roll(now);
            _asked++;
            wait = _pausedUntil > now ? _pausedUntil - now : TimeSpan.Zero;
            if (wait > LongestWait) return Limited(wait);
            if (Limit is { } limit)
            {
                if (DayIsOver(limit, priority, now) is { } over) return over;
                if (priority == CallPriority.Backfill) wait = Max(wait, Paced(limit, now));
            }

            if (_budget.PerSecond is not null) wait = Max(wait, Spread(now, priority));
            if (wait > LongestWait) return Limited(wait);
            Take(now + wait, priority);
        }

        if (wait > TimeSpan.Zero) await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        if (_ownership is not null && !await _ownership.MayCallAsync(cancellationToken).ConfigureAwait(false))
        {
            return new OperationError(ErrorKind.Transient, "lease", "This node's hold on its lanes is not confirmed.") { RetryAfter = Unconfirmed, NotExecuted = true };
        }

        Interlocked.Increment(ref _calls);
        return null;
    }

    /// <summary>How the budget stands now.</summary>
    public BudgetView View(string realm)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            _day.Roll(now);
            return new BudgetView(
                realm, _budget.PerSecond, Limit, Limit is { } limit ? Reserved(limit) : 0, _day.Of(CallPriority.Live) + _others.Live, _day.Of(CallPriority.Retry) + _others.Retry,
                _day.Of(CallPriority.Backfill) + _others.Backfill, _day.Foreign,
                Limit is { } most ? BackfillDay(most, now) / 24 : null, _pausedUntil > now ? _pausedUntil : null);
        }
    }

    private static OperationError Limited(TimeSpan wait) =>
        new(ErrorKind.RateLimited, OperationError.Budget, "The realm's budget has no room now.") { RetryAfter = wait, NotExecuted = true };

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private long Reserved(long limit) => (long)Math.Ceiling(limit * Math.Clamp(_budget.Reserve, 0, 0.99));

    /// <summary>Only when live work itself has nothing left the connection stands still; a retry or a backfill that used its share comes again.</summary>
    private OperationError? DayIsOver(long limit, CallPriority priority, DateTimeOffset now)
    {
        var ours = limit - Reserved(limit);
        var used = _day.Used + _others.All + _day.Foreign;
        if (used >= ours)
        {
            return new OperationError(ErrorKind.Quota, "daily-limit", $"The realm's {ours} calls of 24 hours are used up.") { RetryAfter = NextHour(now), NotExecuted = true };
        }

        return priority switch
        {
            CallPriority.Retry when _day.Of(CallPriority.Retry) + _others.Retry >= Math.Max(1, ours / 2) => Limited(NextHour(now)),
            CallPriority.Backfill when used >= ours * 4 / 5 => Limited(LongestPace),
            _ => null,
        };
    }

    /// <summary>Calls of 24 hours that a backfill may take: what is left by the reserve, by others and by live work, which keeps a fifth in any case.</summary>
    private double BackfillDay(long limit, DateTimeOffset now)
    {
        var ours = limit - Reserved(limit) - _day.ForeignDay(now);
        return Math.Max(0, Math.Min(ours - _day.LiveDay(now) - _others.Live - _others.Retry, (limit - Reserved(limit)) * 0.8));
    }

    /// <summary>How long a backfill waits for its next call of the day's share; the share flows in evenly.</summary>
    private TimeSpan Paced(long limit, DateTimeOffset now)
    {
        var share = BackfillDay(limit, now) * _share;
        var burst = Math.Max(1, share / BurstsPerDay);
        var pace = _pace is { } before ? Math.Min(burst, before + (now > _paceAt ? (now - _paceAt) / Day * share : 0)) : burst;
        (_pace, _paceAt) = (pace, Later(_paceAt, now));
        if (pace >= 1) return TimeSpan.Zero;
        if (share < 1) return LongestPace;
        var wait = Day * ((1 - pace) / share);
        return wait < LongestPace ? wait : LongestPace;
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private TimeSpan Spread(DateTimeOffset now, CallPriority priority)
    {
        var wait = _next - now;
        switch (priority)
        {
            case CallPriority.Retry:
                // Retries take at most half of the rate.
                wait = Max(wait, _nextRetry - now);
                break;
            case CallPriority.Backfill:
                // A backfill never queues ahead of live calls: it comes again when the queue is short.
                if (wait > BackfillWait) return LongestWait + wait;
                wait = Max(wait, _nextBackfill - now);
                break;
        }

        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private void Take(DateTimeOffset at, CallPriority priority)
    {
        _day.Add(priority);
        if (priority == CallPriority.Backfill && _pace is not null) _pace--;
        if (_budget.PerSecond is not { } rate) return;
        var step = TimeSpan.FromSeconds(1 / (rate * _share));
        _next = Later(at, _next) + step;
        if (priority == CallPriority.Retry) _nextRetry = Later(at, _nextRetry) + (step * 2);
        if (priority == CallPriority.Backfill) _nextBackfill = Later(at, _nextBackfill) + (step * 1.25);
    }

    private static TimeSpan NextHour(DateTimeOffset now) => TimeSpan.FromSeconds(3600 - (now.ToUnixTimeSeconds() % 3600));
}
