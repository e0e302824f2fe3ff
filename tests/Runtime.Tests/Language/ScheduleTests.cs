using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class ScheduleTests
{
    private const string Nightly = """
        flow: nightly
        trigger: { schedule: '0 2 * * *', timeZone: America/Denver }
        key: nightly
        steps:
          - create: target/Job
            once: { Key: =date.text(run.scheduledFor ?? run.now) }
            set: { Note: =run.trigger }
        """;

    [Fact]
    public async Task A_schedule_fires_at_its_local_time_once_each_day()
    {
        await using var harness = Bench.Harness();
        harness.Deploy(null, Nightly);
        await harness.StartAsync();
        await harness.IdleAsync();

        // 1 March, 12:00 UTC is 05:00 in Denver; the next 02:00 there is 09:00 UTC of the day after.
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), harness.Runtime.NextTick);
        await harness.AdvanceAsync(TimeSpan.FromHours(20));
        Assert.Empty(harness.Stores.AllRuns);
        await harness.AdvanceAsync(TimeSpan.FromHours(1));
        await harness.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Equal(["2026-03-02T09:00:00.000Z"], harness.Target.Field("Job", "Key"));
        await harness.AdvanceAsync(TimeSpan.FromHours(23));
        Assert.Equal(["2026-03-02T09:00:00.000Z", "2026-03-03T09:00:00.000Z"], harness.Target.Field("Job", "Key"));
    }

    [Fact]
    public async Task A_time_the_clock_change_skips_moves_behind_it()
    {
        var cron = CronSchedule.Parse("30 2 * * *", "America/Denver", out _)!;
        await Task.CompletedTask;

        // On 8 March 2026 Denver goes from 02:00 to 03:00.
        Assert.Equal(new DateTimeOffset(2026, 3, 8, 9, 0, 0, TimeSpan.Zero), cron.Next(new DateTimeOffset(2026, 3, 8, 0, 0, 0, TimeSpan.Zero)));
    }

    [Fact]
    public async Task Ticks_missed_while_nothing_ran_are_one()
    {
        await using var harness = Bench.Harness();
        harness.Deploy(null, Nightly);
        await harness.StartAsync();
        await harness.IdleAsync();
        harness.Kill();
        harness.Time.Advance(TimeSpan.FromDays(5));
        await harness.StartAsync();
        await harness.IdleAsync();
        Assert.Equal(["2026-03-06T09:00:00.000Z"], harness.Target.Field("Job", "Key"));
        await harness.RestartAsync();
        await harness.IdleAsync();
        Assert.Single(harness.Stores.AllRuns);
    }

    [Fact]
    public async Task A_tick_that_finds_the_one_before_under_way_is_skipped()
    {
        await using var harness = Bench.Harness();
        harness.Deploy(null, Nightly);
        await harness.StartAsync();
        await harness.IdleAsync();
        harness.Target.Faults = (_, _) => FakeFault.Unavailable;
        await harness.AdvanceAsync(TimeSpan.FromHours(22));
        Assert.Equal(1, harness.Stores.Pending);
        // The next tick comes while it still fails.
        var due = harness.Stores.NextDue!.Value;
        harness.Time.Advance(TimeSpan.FromDays(1));
        await harness.IdleAsync();
        Assert.True(due < harness.Time.GetUtcNow());
        harness.Target.Faults = null;
        await harness.DrainAsync(TimeSpan.FromHours(2));
        Assert.Equal(["2026-03-02T09:00:00.000Z"], harness.Target.Field("Job", "Key"));
        await harness.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(["2026-03-02T09:00:00.000Z", "2026-03-04T09:00:00.000Z"], harness.Target.Field("Job", "Key"));
    }

    [Fact]
    public async Task A_schedule_that_a_parameter_spoils_opens_an_incident_and_a_mended_one_closes_it()
    {
        await using var harness = Bench.Harness();
        const string flow = """
            flow: spoilt
            parameters: { schedule: { type: text, default: '0 2 * * *' } }
            trigger: { schedule: =params.schedule }
            key: spoilt
            steps: [{ create: target/Job, once: { Key: =run.id }, set: { Note: x } }]
            """;
        var deployed = harness.Deploy(new Dictionary<string, object?> { ["schedule"] = "every night" }, flow)[0];
        await harness.StartAsync();
        await harness.IdleAsync();
        Assert.Contains("every night", Assert.Single(harness.Stores.AllIncidents).Message, StringComparison.Ordinal);
        Assert.Null(harness.Runtime.NextTick);
        harness.Deploy(FlowText.Compile(harness, flow.Replace("flow: spoilt", "flow: spoilt\ntitle: mended", StringComparison.Ordinal).Replace("Note: x", "Note: y", StringComparison.Ordinal))[0],
            new Dictionary<string, object?> { ["schedule"] = "0 2 * * *" }, deployed);
        await harness.IdleAsync();
        await harness.IdleAsync();
        Assert.NotNull(harness.Stores.AllIncidents[0].RecoveredAt);
        Assert.NotNull(harness.Runtime.NextTick);
    }

    [Fact]
    public async Task A_scheduled_source_is_drained_at_its_tick_and_not_before()
    {
        await using var harness = Bench.Harness();
        harness.Deploy(null, Drained);
        await harness.StartAsync();
        await harness.IdleAsync();
        Page(harness, "t1", true, harness.Invoiced("A", "1", 1));
        Page(harness, "t2", true, harness.Invoiced("B", "1", 1));
        Page(harness, "t3", false, harness.Invoiced("C", "1", 1));
        await harness.AdvanceAsync(TimeSpan.FromMinutes(29));
        Assert.Empty(harness.SourceConnection.Polled);
        await harness.AdvanceAsync(TimeSpan.FromMinutes(1));
        await harness.IdleAsync();
        Assert.Equal(["A", "B", "C"], harness.Target.Field("Job", "Key"));
        Assert.Equal([null, "t1", "t2"], harness.SourceConnection.Polled.Select(c => c.Token));
        await harness.AdvanceAsync(TimeSpan.FromMinutes(29));
        Assert.Equal(3, harness.SourceConnection.Polled.Count);
        await harness.AdvanceAsync(TimeSpan.FromMinutes(1));
        await harness.IdleAsync();
        Assert.Equal("t3", harness.SourceConnection.Polled[^1].Token);
    }

    [Fact]
    public async Task A_drain_that_was_cut_off_by_a_crash_is_done_again_after_the_start()
    {
        await using var harness = Bench.Harness();
        harness.Deploy(null, Drained);
        await harness.StartAsync();
        await harness.IdleAsync();
        Page(harness, "t1", true, harness.Invoiced("A", "1", 1));
        lock (harness.SourceConnection.Pages) harness.SourceConnection.PollErrors.Enqueue(new OperationError(ErrorKind.Transient, "503", "Down."));
        await harness.AdvanceAsync(TimeSpan.FromMinutes(30));
        harness.Kill();
        await harness.StartAsync();
        Page(harness, "t2", false, harness.Invoiced("B", "1", 1));
        await harness.UntilAsync(() => harness.Target.All("Job").Count > 0, TimeSpan.FromSeconds(1));
        Assert.Contains("B", harness.Target.Field("Job", "Key"));
    }

    private const string Drained = """
        flow: drained
        input: { number: text }
        trigger: { schedule: '*/30 * * * *', for: source/invoice.changed, with: { number: =trigger.number } }
        key: =input.number
        steps:
          - upsert: target/Job
            match: [[Key]]
            set: { Key: =input.number, Note: seen }
        """;

    private static void Page(RuntimeHarness harness, string token, bool more, params string[] ids)
    {
        lock (harness.SourceConnection.Pages)
        {
            harness.SourceConnection.Pages.Enqueue(new SourcePage
            {
                Rows = [.. ids.Select(i => new SourceRow { RecordId = i, Version = harness.Source.Version("invoice", i) })], Cursor = new SourceCursor(token, null), HasMore = more,
            });
        }
    }
}
