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
        var calls = Enumerable.Range(0, 20).Select(_ => gate.EnterAsync(CallPriority.Live, CancellationToken.None).AsTask()).ToList();
        // Those that need not wait at all have begun too.
        var begun = new List<TimeSpan>();
        for (var passed = TimeSpan.Zero; begun.Count < calls.Count; passed += TimeSpan.FromMilliseconds(50))
        {
            begun.AddRange(Enumerable.Repeat(passed, calls.Count(c => c.IsCompleted) - begun.Count));
            Assert.True(passed < TimeSpan.FromSeconds(10), "Some never began.");
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.All(await Task.WhenAll(calls), Assert.Null);
        Assert.Equal(TimeSpan.Zero, begun[0]);
        Assert.All(begun, first => Assert.InRange(begun.Count(at => at >= first && at < first + TimeSpan.FromSeconds(1)), 1, 10));
        Assert.Equal(10, begun.Count(at => at < TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(1.9, true, false)]
    [InlineData(1.9, true, true)]
    [InlineData(2.0, true, false)]
    [InlineData(2.0, true, true)]
    [InlineData(2.1, false, false)]
    [InlineData(2.1, false, true)]
    public async Task Up_to_two_seconds_are_waited_for_here_and_a_longer_time_is_told(double seconds, bool waitsHere, bool byRate)
    {
        var wait = TimeSpan.FromSeconds(seconds);
        var gate = new RealmGate(_time);
        if (byRate)
        {
            // The next call's turn comes when the step between two calls is over.
            gate.Configure(new RealmBudget { PerSecond = 1 / seconds });
            Assert.Null(await gate.EnterAsync(CallPriority.Live, CancellationToken.None));
        }
        else
        {
            gate.Pause(wait);
        }

        var entering = gate.EnterAsync(CallPriority.Live, CancellationToken.None).AsTask();
        Assert.Equal(waitsHere, !entering.IsCompleted);
        if (waitsHere)
        {
            _time.Advance(wait - TimeSpan.FromMilliseconds(5));
            Assert.False(entering.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(5));
            Assert.Null(await entering);
            return;
        }

        var told = (await entering)!;
        Assert.Equal((ErrorKind.RateLimited, true), (told.Kind, told.NotExecuted));
        Assert.Equal(seconds, told.RetryAfter!.Value.TotalSeconds, 0.001);
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
        gate.Configure(new RealmBudget { PerDay = 1_000 });
        var backfilled = await BackfillAsync(gate, TimeSpan.FromHours(20));
        Assert.InRange(backfilled, 600, 800);
        while (backfilled < 800 && await EnterAsync(gate, CallPriority.Backfill)) backfilled++;
        for (var i = 0; i < 200; i++) Assert.True(await EnterAsync(gate, CallPriority.Live));
    }

    [Fact]
    public async Task Of_several_nodes_each_takes_its_part_of_the_second()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerSecond = 20 });
        gate.Share(0.25, default);
        var calls = Enumerable.Range(0, 10).Select(_ => gate.EnterAsync(CallPriority.Live, CancellationToken.None).AsTask()).ToList();
        for (var step = 0; step < 9; step++) _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.InRange(calls.Count(c => c.IsCompleted), 4, 5);
    }

    [Fact]
    public async Task What_other_nodes_called_counts_for_the_day()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerDay = 100 });
        gate.Share(1, new DayUse(90, 5, 0));
        for (var i = 0; i < 5; i++) Assert.True(await EnterAsync(gate, CallPriority.Live));
        Assert.Equal(ErrorKind.Quota, (await gate.EnterAsync(CallPriority.Live, CancellationToken.None))!.Kind);
        Assert.Equal((95, 5), (gate.View("r").Live, gate.View("r").Retry));
    }

    [Fact]
    public void What_the_vendor_counts_of_other_nodes_is_not_foreign()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerDay = 1_000 });
        gate.Share(0.5, new DayUse(200, 0, 0));
        gate.Observe(250, 1_000);
        Assert.Equal(50, gate.View("r").Foreign);
    }

    [Fact]
    public async Task No_call_begins_while_the_hold_on_the_lanes_is_not_confirmed()
    {
        var gate = new RealmGate(_time, new Unconfirmed());
        var refused = await gate.EnterAsync(CallPriority.Live, CancellationToken.None);
        Assert.Equal((ErrorKind.Transient, "lease", true), (refused!.Kind, refused.Code, refused.NotExecuted));
        Assert.Equal(0, gate.Calls);
    }

    [Fact]
    public async Task A_backfill_that_used_its_share_waits_and_stops_nobody_else()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerDay = 100 });
        for (var i = 0; i < 80; i++) Assert.True(await EnterAsync(gate, CallPriority.Live));
        var refused = await gate.EnterAsync(CallPriority.Backfill, CancellationToken.None);
        Assert.Equal((ErrorKind.RateLimited, OperationError.Budget, true), (refused!.Kind, refused.Code, refused.NotExecuted));
        Assert.True(await EnterAsync(gate, CallPriority.Live));
    }

    [Fact]
    public async Task A_small_backfill_is_not_paced_and_a_large_one_flows_evenly_over_the_day()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerDay = 43_200 });
        var burst = 0;
        while (await EnterAsync(gate, CallPriority.Backfill)) burst++;
        Assert.Equal(48, burst);
        var hours = new List<int>();
        for (var hour = 0; hour < 4; hour++) hours.Add(await BackfillAsync(gate, TimeSpan.FromHours(1)));
        Assert.All(hours, calls => Assert.InRange(calls, 1_400, 1_480));
    }

    [Fact]
    public async Task A_backfill_leaves_what_live_work_and_others_are_likely_to_take()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerDay = 48_000, Reserve = 0.1 });
        long foreign = 0;
        // A quarter of an hour shows what the day will be: 600 live calls and 300 of others an hour.
        var live = 0;
        var backfilled = 0;
        for (var minute = 0; minute < 120; minute++)
        {
            if (minute == 60) backfilled = 0;
            foreign += 5;
            for (var i = 0; i < 10; i++, live++) Assert.True(await EnterAsync(gate, CallPriority.Live));
            backfilled += await BackfillAsync(gate, TimeSpan.FromMinutes(1));
            var view = gate.View("r");
            gate.Observe(view.Live + view.Backfill + foreign, 48_000);
        }

        // (48,000 - 4,800 - 14,400 - 7,200) / 24 = 900 an hour.
        Assert.InRange(backfilled, 850, 950);
    }

    [Fact]
    public async Task The_reserve_is_never_touched()
    {
        var gate = new RealmGate(_time);
        gate.Configure(new RealmBudget { PerDay = 100, Reserve = 0.25 });
        var calls = 0;
        while (await EnterAsync(gate, CallPriority.Live)) calls++;
        Assert.Equal(75, calls);
        Assert.Equal(ErrorKind.Quota, (await gate.EnterAsync(CallPriority.Live, CancellationToken.None))!.Kind);
    }

    [Fact]
    public async Task Retries_take_at_most_half_of_the_second_and_of_the_day()
    {
        var fast = new RealmGate(_time);
        fast.Configure(new RealmBudget { PerSecond = 10 });
        var retries = Enumerable.Range(0, 8).Select(_ => fast.EnterAsync(CallPriority.Retry, CancellationToken.None).AsTask()).ToList();
        var begun = retries.Count(r => r.IsCompletedSuccessfully);
        for (var step = 0; step < 10; step++) _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.InRange(retries.Count(r => r.IsCompleted) - begun, 3, 5);

        var slow = new RealmGate(_time);
        slow.Configure(new RealmBudget { PerDay = 100 });
        for (var i = 0; i < 50; i++) Assert.True(await EnterAsync(slow, CallPriority.Retry));
        Assert.Equal(ErrorKind.RateLimited, (await slow.EnterAsync(CallPriority.Retry, CancellationToken.None))!.Kind);
        Assert.True(await EnterAsync(slow, CallPriority.Live));
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

    private static async Task<bool> EnterAsync(RealmGate gate, CallPriority priority) => await gate.EnterAsync(priority, CancellationToken.None) is null;

    /// <summary>Calls a backfill gets through in a time, trying all the while.</summary>
    private async Task<int> BackfillAsync(RealmGate gate, TimeSpan length)
    {
        var end = _time.GetUtcNow() + length;
        for (var calls = 0; ;)
        {
            var entering = gate.EnterAsync(CallPriority.Backfill, CancellationToken.None).AsTask();
            while (!entering.IsCompleted && _time.GetUtcNow() < end) _time.Advance(TimeSpan.FromMilliseconds(100));
            if (!entering.IsCompleted) return calls;
            if (await entering is null) calls++;
            else _time.Advance(TimeSpan.FromSeconds(1));
            if (_time.GetUtcNow() >= end) return calls;
        }
    }

    private sealed class Unconfirmed : IOwnership
    {
        public event Action? Changed
        {
            add { }
            remove { }
        }

        public IReadOnlyList<int> OwnedLanes => [1];

        public bool Owns(int lane) => lane == 1;

        public long FencingToken(int lane) => 1;

        public ValueTask<bool> MayCallAsync(CancellationToken cancellationToken) => ValueTask.FromResult(false);
    }
}
