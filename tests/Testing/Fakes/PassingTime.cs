using Microsoft.Extensions.Time.Testing;

namespace WorkflowEngine.Testing;

/// <summary>The virtual clock for those who only wait: whatever waits on it lets the time pass itself, so that nobody else has to know of it.</summary>
public sealed class PassingTime(FakeTimeProvider time) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override long TimestampFrequency => time.TimestampFrequency;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = time.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero) _ = Task.Run(() => time.Advance(dueTime));
        return timer;
    }
}
