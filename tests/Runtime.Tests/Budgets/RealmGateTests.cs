using Microsoft.Extensions.Time.Testing;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime.Tests.Budgets;

public sealed class RealmGateTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Calls_are_spread_so_that_a_second_never_holds_more_than_its_limit()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerSecond = 10 });
        var calls = Enumerable.Range(0, 15).Select(_ => gate.EnterAsync(CallPriority.Live, CancellationToken.None).AsTask()).ToList();
        var bySecond = new List<int>();
        for (var second = 0; second < 2; second++)
        {
            var before = calls.Count(c => c.IsCompleted);
            for (var step = 0; step < 10; step++) _time.Advance(TimeSpan.FromMilliseconds(100));
            bySecond.Add(calls.Count(c => c.IsCompleted) - before);
        }

        Assert.All(await Task.WhenAll(calls), Assert.Null);
        Assert.All(bySecond, count => Assert.True(count <= 10));
    }

    [Fact]
    public async Task A_wait_longer_than_two_seconds_is_answered_with_the_time_instead()
    {
        var gate = new RealmGate(_time);
        gate.Pause(TimeSpan.FromSeconds(30));
        var error = await gate.EnterAsync(CallPriority.Live, CancellationToken.None);
        Assert.Equal((ErrorKind.RateLimited, TimeSpan.FromSeconds(30), true), (error!.Kind, error.RetryAfter!.Value, error.NotExecuted));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(await gate.EnterAsync(CallPriority.Live, CancellationToken.None));
    }

    [Fact]
    public async Task A_backfill_leaves_a_fifth_of_the_day_to_live_work()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerDay = 100 });
        for (var i = 0; i < 80; i++) Assert.Null(await gate.EnterAsync(CallPriority.Backfill, CancellationToken.None));
        Assert.Equal(ErrorKind.Quota, (await gate.EnterAsync(CallPriority.Backfill, CancellationToken.None))!.Kind);
        for (var i = 0; i < 20; i++) Assert.Null(await gate.EnterAsync(CallPriority.Live, CancellationToken.None));
        Assert.Equal(ErrorKind.Quota, (await gate.EnterAsync(CallPriority.Live, CancellationToken.None))!.Kind);
    }

    [Fact]
    public async Task What_the_vendor_counts_of_others_overrules_our_own_count()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerDay = 1_000 });
        gate.Observe(used: 500, limit: 500);
        Assert.Equal(ErrorKind.Quota, (await gate.EnterAsync(CallPriority.Live, CancellationToken.None))!.Kind);
    }

    [Fact]
    public async Task Calls_of_24_hours_ago_leave_the_count()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerDay = 10 });
        for (var i = 0; i < 10; i++) Assert.Null(await gate.EnterAsync(CallPriority.Live, CancellationToken.None));
        Assert.NotNull(await gate.EnterAsync(CallPriority.Live, CancellationToken.None));
        _time.Advance(TimeSpan.FromHours(24));
        Assert.Null(await gate.EnterAsync(CallPriority.Live, CancellationToken.None));
    }

    [Fact]
    public async Task A_backfill_does_not_queue_ahead_of_live_calls()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerSecond = 10 });
        for (var i = 0; i < 6; i++) _ = gate.EnterAsync(CallPriority.Live, CancellationToken.None);
        var backfill = gate.EnterAsync(CallPriority.Backfill, CancellationToken.None);
        Assert.True(backfill.IsCompleted);
        Assert.Equal(ErrorKind.RateLimited, (await backfill)!.Kind);
    }

    [Fact]
    public async Task Connections_of_one_realm_share_its_budget()
    {
        var budgets = new RealmBudgets(_time);
        var (first, second) = (budgets.NewGate(), budgets.NewGate());
        var info = new ConnectionInfo("salesforce:00D", new RealmBudget { PerDay = 2 });
        budgets.Bind(first, info);
        budgets.Bind(second, info);
        Assert.Null(await first.EnterAsync(CallPriority.Live, CancellationToken.None));
        Assert.Null(await second.EnterAsync(CallPriority.Live, CancellationToken.None));
        Assert.NotNull(await first.EnterAsync(CallPriority.Live, CancellationToken.None));
    }
}
