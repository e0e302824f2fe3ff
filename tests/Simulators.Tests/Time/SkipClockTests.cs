using WorkflowEngine.Simulators.Time;

namespace WorkflowEngine.Simulators.Tests.Time;

public sealed class SkipClockTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task A_wait_that_falls_into_a_jump_ends_at_once()
    {
        var clock = new SkipClock();
        var before = clock.GetUtcNow();
        var wait = Task.Delay(TimeSpan.FromHours(20), clock, TestContext.Current.CancellationToken);
        Assert.False(wait.IsCompleted);
        clock.Skip(Day);
        await wait;
        Assert.True(clock.GetUtcNow() - before >= Day);
    }

    [Fact]
    public async Task A_limit_on_work_loses_nothing_to_a_jump()
    {
        var clock = new SkipClock();
        using var limit = new CancellationTokenSource(TimeSpan.FromHours(1), clock);
        var wait = Task.Delay(TimeSpan.FromHours(2), clock, TestContext.Current.CancellationToken);
        clock.Skip(Day);
        // The wait was due after the limit: had the limit been struck too, it would have been first.
        await wait;
        Assert.False(limit.IsCancellationRequested);
    }

    [Fact]
    public async Task A_limit_on_work_strikes_in_its_own_time()
    {
        var clock = new SkipClock();
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(1), clock);
        var struck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var told = limit.Token.Register(() => struck.TrySetResult());
        await struck.Task;
        Assert.True(limit.IsCancellationRequested);
    }
}
