namespace WorkflowEngine.Connectors.Tests;

/// <summary>A clock for tests: short waits end at once and move it ahead, long ones (time limits) end only when told to.</summary>
public sealed class StepClock : TimeProvider
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(3);
    private readonly Lock _lock = new();
    private readonly List<Waiting> _long = [];
    private DateTimeOffset _now = new(2026, 9, 14, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>All short waits so far.</summary>
    public TimeSpan Waited { get; private set; }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime == Timeout.InfiniteTimeSpan) return new Waiting(this, callback, state);
        if (dueTime >= Short)
        {
            var waiting = new Waiting(this, callback, state);
            lock (_lock) _long.Add(waiting);
            return waiting;
        }

        lock (_lock)
        {
            _now += dueTime;
            Waited += dueTime;
        }

        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Moves the clock without ending any wait.</summary>
    public void Advance(TimeSpan by)
    {
        lock (_lock) _now += by;
    }

    /// <summary>Ends every long wait.</summary>
    public void PassTimeLimits()
    {
        Waiting[] all;
        lock (_lock)
        {
            all = [.. _long];
            _long.Clear();
        }

        foreach (var waiting in all) waiting.Fire();
    }

    private sealed class Waiting(StepClock clock, TimerCallback callback, object? state) : ITimer
    {
        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._long.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan) clock._long.Add(this);
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._lock) clock._long.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
