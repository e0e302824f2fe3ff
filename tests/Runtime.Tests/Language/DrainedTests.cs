using WorkflowEngine.Abstractions;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Schedules with <c>after: drained</c>.</summary>
public sealed class DrainedTests
{
    private const string Feed = """
        flow: feed
        input: { number: text }
        trigger: { schedule: '0 2 * * *', for: source/invoice.changed, with: { number: =trigger.number } }
        key: =input.number
        steps:
          - { if: '=input.number === "other"', stop: Not this one }
          - { if: '=input.number === "bad"', fail: It is bad }
          - upsert: target/Job
            match: [[Key]]
            set: { Key: =input.number, Note: seen }
        """;

    private const string Control = """
        flow: control
        trigger: { schedule: '0 2 * * *', after: drained }
        key: control
        steps:
          - create: target/Line
            once: { Key: =date.text(run.scheduledFor ?? run.now) }
            set: { Text: '=`${input.events}: ${input.succeeded} ${input.stopped} ${input.failed}, ${input.handedOver} ${input.handedOverFailed}`', Parent: =date.text(input.since) }
        """;

    private static readonly TimeSpan ToTwo = TimeSpan.FromHours(14);

    [Fact]
    public async Task It_fires_once_what_was_drained_at_the_same_tick_is_settled_and_is_told_how_it_ended()
    {
        await using var harness = Bench.Harness();
        harness.Deploy(null, Control, Feed);
        await harness.StartAsync();
        await harness.IdleAsync();
        Page(harness, true, harness.Invoiced("A", "1", 1), harness.Invoiced("other", "1", 1));
        Page(harness, false, harness.Invoiced("bad", "1", 1), harness.Invoiced("B", "1", 1));
        await harness.AdvanceAsync(ToTwo);
        Assert.Equal(["4: 2 1 1, 0 0"], harness.Target.Field("Line", "Text"));
        Assert.Equal(["2026-03-02T02:00:00.000Z"], harness.Target.Field("Line", "Key"));
        Assert.Equal(["2026-03-01T12:00:00.000Z"], harness.Target.Field("Line", "Parent"));

        // Only what came since is counted, and a drain that brings nothing is a drain.
        await harness.AdvanceAsync(TimeSpan.FromDays(1));
        Page(harness, false, harness.Invoiced("C", "1", 1));
        await harness.AdvanceAsync(TimeSpan.FromDays(1));
        Assert.Equal(["2026-03-01T12:00:00.000Z", "2026-03-02T02:00:00.000Z", "2026-03-03T02:00:00.000Z"], harness.Target.Field("Line", "Parent"));
        Assert.Equal(["0: 0 0 0, 0 0", "1: 1 0 0, 0 0", "4: 2 1 1, 0 0"], harness.Target.Field("Line", "Text"));
    }

    [Fact]
    public async Task An_event_that_waits_for_its_next_attempt_holds_it_up_and_a_crash_meanwhile_changes_nothing()
    {
        await using var harness = Bench.Harness();
        harness.Deploy(null, Feed, Control);
        await harness.StartAsync();
        await harness.IdleAsync();
        Page(harness, false, harness.Invoiced("A", "1", 1), harness.Invoiced("B", "1", 1));
        var away = true;
        harness.Target.Faults = (what, entity) => away && entity == "Job" && what != "read" ? FakeFault.Unavailable : FakeFault.None;
        await harness.AdvanceAsync(ToTwo);
        Assert.Empty(harness.Target.All("Line"));
        Assert.Equal(2, harness.Stores.Pending);

        // The engine comes to rest meanwhile: nothing is due before the next attempt.
        Assert.True(harness.Runtime.NextTick > harness.Time.GetUtcNow());
        await harness.RestartAsync();
        await harness.IdleAsync();
        Assert.Empty(harness.Target.All("Line"));
        away = false;
        await harness.DrainAsync(TimeSpan.FromHours(2));
        Assert.Equal(["2: 2 0 0, 0 0"], harness.Target.Field("Line", "Text"));
        await harness.RestartAsync();
        await harness.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.Single(harness.Target.All("Line"));
    }

    [Fact]
    public async Task A_drain_that_a_crash_cut_off_is_done_again_before_it_fires()
    {
        await using var harness = Bench.Harness();
        harness.Deploy(null, Control, Feed);
        await harness.StartAsync();
        await harness.IdleAsync();
        Page(harness, true, harness.Invoiced("A", "1", 1));
        lock (harness.SourceConnection.Pages) harness.SourceConnection.PollErrors.Enqueue(new OperationError(ErrorKind.Transient, "503", "Down.") { RetryAfter = TimeSpan.FromMinutes(5) });
        await harness.AdvanceAsync(ToTwo);
        Assert.Empty(harness.Target.All("Line"));
        harness.Kill();
        await harness.StartAsync();
        Page(harness, false, harness.Invoiced("A", "1", 1), harness.Invoiced("B", "1", 1));
        await harness.UntilAsync(() => harness.Target.All("Line").Count > 0, TimeSpan.FromSeconds(1));
        Assert.Equal(["A", "B"], harness.Target.Field("Job", "Key"));
        Assert.Single(harness.Target.All("Line"));
    }

    [Fact]
    public async Task What_the_drained_events_handed_over_is_waited_for_and_counted_by_itself()
    {
        await using var harness = Bench.Harness();
        const string handing = """
            flow: feed
            input: { number: text }
            trigger: { schedule: '0 2 * * *', for: source/invoice.changed, with: { number: =trigger.number } }
            key: =input.number
            steps: [{ start: sum, key: =input.number, with: { number: =input.number } }]
            """;
        const string sum = """
            flow: sum
            input: { number: text }
            key: =input.number
            steps:
              - { if: '=input.number === "bad"', fail: It is bad }
              - { create: target/Job, once: { Key: =input.number }, set: { Note: summed } }
            """;
        harness.Deploy(null, Control, handing, sum);
        await harness.StartAsync();
        await harness.IdleAsync();
        Page(harness, false, harness.Invoiced("A", "1", 1), harness.Invoiced("B", "1", 1), harness.Invoiced("bad", "1", 1));
        var away = true;
        harness.Target.Faults = (_, entity) => away && entity == "Job" ? FakeFault.Unavailable : FakeFault.None;
        await harness.AdvanceAsync(ToTwo);
        Assert.Equal(3, harness.Stores.AllRuns.Count(r => r.Outcome == RunOutcome.Succeeded));
        Assert.Empty(harness.Target.All("Line"));
        away = false;
        await harness.DrainAsync(TimeSpan.FromHours(2));
        Assert.Equal(["3: 3 0 0, 3 1"], harness.Target.Field("Line", "Text"));
    }

    [Fact]
    public async Task With_for_only_the_drains_of_that_event_are_waited_for()
    {
        await using var harness = Bench.Harness();
        harness.Target.Add(FakeEntity.Describe("Visit", "Key!"));
        const string other = """
            flow: other
            trigger: { schedule: '0 2 * * *', for: target/Visit.changed }
            steps: [{ create: target/Job, once: { Key: '=input.Key ?? input.id' }, set: { Note: visit } }]
            """;
        harness.Deploy(null, Control.Replace("after: drained", "for: source/invoice.changed, after: drained", StringComparison.Ordinal), Feed, other);
        await harness.StartAsync();
        await harness.IdleAsync();
        Page(harness, false, harness.Invoiced("A", "1", 1));
        lock (harness.TargetConnection.Pages) harness.TargetConnection.PollErrors.Enqueue(new OperationError(ErrorKind.Transient, "503", "Down.") { RetryAfter = TimeSpan.FromMinutes(5) });
        await harness.AdvanceAsync(ToTwo);
        Assert.Equal(["1: 1 0 0, 0 0"], harness.Target.Field("Line", "Text"));
    }

    [Fact]
    public async Task A_flow_of_the_template_that_drains_and_is_paused_holds_it_up()
    {
        await using var harness = Bench.Harness();
        var feed = harness.Deploy(null, Control, Feed)[1];
        await harness.StartAsync();
        await harness.IdleAsync();
        Page(harness, false, harness.Invoiced("A", "1", 1));
        harness.Runtime.Registry.SetState(feed, DeploymentState.Paused, "A person paused it.");
        await harness.AdvanceAsync(ToTwo);
        Assert.Empty(harness.Target.All("Line"));
        harness.Runtime.Registry.SetState(feed, DeploymentState.Active, null);
        await harness.IdleAsync();
        Assert.Equal(["1: 1 0 0, 0 0"], harness.Target.Field("Line", "Text"));
    }

    private static void Page(RuntimeHarness harness, bool more, params string[] ids)
    {
        lock (harness.SourceConnection.Pages)
        {
            harness.SourceConnection.Pages.Enqueue(new SourcePage
            {
                Rows = [.. ids.Select(i => new SourceRow { RecordId = i, Version = harness.Source.Version("invoice", i) })], Cursor = new SourceCursor("t" + ids[^1], null), HasMore = more,
            });
        }
    }
}
