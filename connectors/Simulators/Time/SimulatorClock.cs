namespace WorkflowEngine.Simulators.Time;

/// <summary>The simulator's time: the given provider's, plus what was advanced by request. It never goes back.</summary>
public sealed class SimulatorClock(TimeProvider inner) : TimeProvider
{
    private long _advancedTicks;

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _advancedTicks));

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);

    public override long GetTimestamp() => inner.GetTimestamp();

    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <summary>Moves the clock ahead. Negative spans are ignored: stamps already given must stay in the past.</summary>
    public void Advance(TimeSpan by)
    {
        if (by > TimeSpan.Zero && by < TimeSpan.FromDays(36_500))
        {
            Interlocked.Add(ref _advancedTicks, by.Ticks);
        }
    }
}
