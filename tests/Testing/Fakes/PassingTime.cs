using Microsoft.Extensions.Time.Testing;

namespace WorkflowEngine.Testing;

/// <summary>The virtual clock for those who only wait: whatever waits on it lets the time pass itself, so that nobody else has to know of it.</summary>
public sealed class PassingTime(FakeTimeProvider time) : TimeProvider
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override long TimestampFrequency => time.TimestampFrequency;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var fired = false;
        var timer = time.CreateTimer(
            _ =>
            {
                Volatile.Write(ref fired, true);
                callback(state);
            },
            null,
            dueTime,
            period);
        if (dueTime > TimeSpan.Zero) _ = Task.Run(Pass);
        return timer;

        void Pass()
        {
            // Of two that move the clock at once, one may leave the other's timer to the next move.
            for (time.Advance(dueTime); !Volatile.Read(ref fired); time.Advance(Step)) Thread.Yield();
        }
    }
}
