namespace WorkflowEngine.FlowTesting;

/// <summary>Time that stands still until it is moved. A timer fires when the time reaches it, in order, so that a wait of a month costs nothing.</summary>
internal sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly PriorityQueue<(VirtualTimer Timer, long Arming), long> _timers = new();
    private DateTimeOffset _now = start;
    private long _armings;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How often a timer was set so far: a sign that something is going on.</summary>
    public long Armings
    {
        get { lock (_gate) return _armings; }
    }

    /// <summary>When the next timer fires; null = none waits.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            lock (_gate)
            {
                DropStale();
                return _timers.TryPeek(out _, out var due) ? new DateTimeOffset(due, TimeSpan.Zero) : null;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves ahead; every timer on the way fires at its own time.</summary>
    public void AdvanceTo(DateTimeOffset target)
    {
        while (true)
        {
            VirtualTimer timer;
            lock (_gate)
            {
                DropStale();
                if (!_timers.TryPeek(out var next, out var due) || due > target.UtcTicks)
                {
                    if (target > _now) _now = target;
                    return;
                }

                _timers.Dequeue();
                if (due > _now.UtcTicks) _now = new DateTimeOffset(due, TimeSpan.Zero);
                timer = next.Timer;
                timer.Rearm();
            }

            timer.Fire();
        }
    }

    private void DropStale()
    {
        while (_timers.TryPeek(out var next, out _) && next.Timer.Arming != next.Arming) _timers.Dequeue();
    }

    private sealed class VirtualTimer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        /// <summary>Which entry of the queue is this timer's; another number is an old one.</summary>
        public long Arming { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                if (Arming < 0) return false;
                _period = period;
                Arm(dueTime);
            }

            return true;
        }

        /// <summary>Called under the gate when it fires.</summary>
        public void Rearm() => Arm(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate) Arming = -1;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Arm(TimeSpan dueTime)
        {
            Arming = ++time._armings;
            if (dueTime != Timeout.InfiniteTimeSpan) time._timers.Enqueue((this, Arming), (time._now + (dueTime < TimeSpan.Zero ? TimeSpan.Zero : dueTime)).UtcTicks);
        }
    }
}
