using System.Collections.Concurrent;

namespace WorkflowEngine.Simulators.Time;

/// <summary>
/// Real time that can jump ahead: work takes the time it takes, waits of minutes are skipped. Timers that fall into the jump fire at once; a time limit on work that is under way does not: on a busy
/// machine a jump would otherwise end calls that nothing was wrong with.
/// </summary>
public sealed class SkipClock : TimeProvider
{
    private readonly ConcurrentDictionary<SkipTimer, bool> _timers = new();
    private long _ahead;

    /// <summary>The system's time.</summary>
    public SkipClock()
    {
    }

    /// <param name="ahead">How far it is ahead of the system's time at first; negative = behind.</param>
    public SkipClock(TimeSpan ahead) => _ahead = ahead.Ticks;

    public override long TimestampFrequency => System.TimestampFrequency;

    /// <summary>How far it is ahead of the system's time.</summary>
    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        // The limit of a call is a cancellation: its timer carries it.
        if (state is CancellationTokenSource) return System.CreateTimer(callback, state, dueTime, period);
        var timer = new SkipTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Jumps ahead.</summary>
    public void Skip(TimeSpan by)
    {
        if (by <= TimeSpan.Zero) return;
        Interlocked.Add(ref _ahead, by.Ticks);
        foreach (var timer in _timers.Keys) timer.Arm();
    }

    private sealed class SkipTimer : ITimer
    {
        private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

        private readonly Lock _gate = new();
        private readonly SkipClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _inner;
        private DateTimeOffset? _due;
        private TimeSpan _period;
        private bool _disposed;

        public SkipTimer(SkipClock clock, TimerCallback callback, object? state)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            _inner = System.CreateTimer(static self => ((SkipTimer)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                if (_disposed) return false;
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + dueTime;
                _period = period;
                if (_due is null) _clock._timers.TryRemove(this, out _);
                else _clock._timers[this] = true;
            }

            Arm();
            return true;
        }

        public void Arm()
        {
            lock (_gate)
            {
                if (_disposed) return;
                var wait = _due is { } due ? due - _clock.GetUtcNow() : Timeout.InfiniteTimeSpan;
                if (_due is not null) wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait;
                _inner.Change(wait, Timeout.InfiniteTimeSpan);
            }
        }

        public void Dispose()
        {
            lock (_gate) _disposed = true;
            _clock._timers.TryRemove(this, out _);
            _inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire()
        {
            lock (_gate)
            {
                if (_disposed || _due is not { } due) return;
                if (due > _clock.GetUtcNow())
                {
                    // The system's timer counts whole milliseconds.
                    Arm();
                    return;
                }

                _due = _period > TimeSpan.Zero ? due + _period : null;
                if (_due is null) _clock._timers.TryRemove(this, out _);
                else Arm();
            }

            _callback(_state);
        }
    }
}
