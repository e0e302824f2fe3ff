using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>
/// The budget of one realm, for all its connections. Calls are spread over the second by their theoretical arrival time, so a burst never breaks a
/// per-second limit; a backfill or a retry may only take its share, so live calls find room.
/// </summary>
public sealed class RealmGate
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BackfillWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly long[] _hours = new long[24];
    private RealmBudget _budget = new();
    private DateTimeOffset _next = DateTimeOffset.MinValue;
    private DateTimeOffset _nextRetry = DateTimeOffset.MinValue;
    private DateTimeOffset _nextBackfill = DateTimeOffset.MinValue;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;
    private long _hour = -1;
    private long _used;
    private long _foreign;
    private long? _limitSeen;
    private long _calls;

    public RealmGate(TimeProvider time) => _time = time;

    /// <summary>Calls let through since the start.</summary>
    public long Calls => Interlocked.Read(ref _calls);

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
            Roll(_time.GetUtcNow());
            _limitSeen = limit;
            _foreign = Math.Max(0, used - _used);
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
            Roll(now);
            var limit = _limitSeen ?? _budget.PerDay;
            if (limit is { } most)
            {
                // Live work keeps at least a fifth of the day's calls beside a backfill.
                var share = priority == CallPriority.Backfill ? most * 4 / 5 : most;
                if (_used + _foreign >= share)
                {
                    return new OperationError(ErrorKind.Quota, "daily-limit", $"The realm's {most} calls of 24 hours are used up.")
                    {
                        RetryAfter = NextHour(now), NotExecuted = true,
                    };
                }
            }

            wait = _pausedUntil > now ? _pausedUntil - now : TimeSpan.Zero;
            if (wait > LongestWait) return Limited(wait);
            if (_budget.PerSecond is { } rate) wait = Max(wait, Spread(now, rate, priority));
            if (wait > LongestWait) return Limited(wait);
            Take(now + wait, priority);
        }

        if (wait > TimeSpan.Zero) await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _calls);
        return null;
    }

    private static OperationError Limited(TimeSpan wait) =>
        new(ErrorKind.RateLimited, "budget", "The realm's budget has no room now.") { RetryAfter = wait, NotExecuted = true };

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private TimeSpan Spread(DateTimeOffset now, double rate, CallPriority priority)
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
        _used++;
        _hours[_hour % 24]++;
        if (_budget.PerSecond is not { } rate) return;
        var step = TimeSpan.FromSeconds(1 / rate);
        _next = (at > _next ? at : _next) + step;
        if (priority == CallPriority.Retry) _nextRetry = (at > _nextRetry ? at : _nextRetry) + (step * 2);
        if (priority == CallPriority.Backfill) _nextBackfill = (at > _nextBackfill ? at : _nextBackfill) + (step * 1.25);
    }

    /// <summary>Calls of 24 hours ago leave the count.</summary>
    private void Roll(DateTimeOffset now)
    {
        var hour = now.ToUnixTimeSeconds() / 3600;
        if (_hour < 0) _hour = hour;
        if (hour - _hour >= 24)
        {
            Array.Clear(_hours);
            _used = 0;
            _hour = hour;
            return;
        }

        while (_hour < hour)
        {
            _hour++;
            _used -= _hours[_hour % 24];
            _hours[_hour % 24] = 0;
        }
    }

    private static TimeSpan NextHour(DateTimeOffset now)
    {
        var next = TimeSpan.FromSeconds(3600 - (now.ToUnixTimeSeconds() % 3600));
        return next < Day ? next : Day;
    }
}
