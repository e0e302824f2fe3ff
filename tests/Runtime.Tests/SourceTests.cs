using WorkflowEngine.Abstractions;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class SourceTests
{
    [Fact]
    public async Task A_page_serves_all_subscribed_deployments_with_one_cursor()
    {
        await using var harness = Shapes.Harness();
        harness.Deploy(Shapes.Customers());
        harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        await PageAsync(harness, new SourceCursor("t1", harness.Time.GetUtcNow()), harness.Person("Ada", "ada@example.com"), harness.Person("Bob", "bob@example.com"));

        Assert.Equal((2, 2), (harness.Target.All("Account").Count, harness.Target.All("Lead").Count));
        Assert.Equal("t1", harness.SourceConnection.Polled[^1].Token);
    }

    [Fact]
    public async Task A_source_goes_on_from_its_cursor_after_a_restart()
    {
        await using var harness = Shapes.Harness();
        harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        await PageAsync(harness, new SourceCursor("t7", null), harness.Person("Ada"));
        await harness.RestartAsync();
        await PolledAsync(harness, 1);

        Assert.Equal("t7", harness.SourceConnection.Polled[0].Token);
    }

    [Fact]
    public async Task A_row_whose_key_fails_does_not_poison_its_page()
    {
        await using var harness = Shapes.Harness();
        harness.Deploy(new PlanBuilder("keyed").Connection("source").Connection("target").OnChanged("source", Shapes.Customer).Key("input.status.length > 0 ? input.status : input.nothing.here")
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id")]).Build());
        await harness.StartAsync();
        var good = harness.Person("Good");
        var bad = harness.Source.Put("customer", null, ("name", "Bad"), ("status", null));
        await PageAsync(harness, new SourceCursor("t1", null), good, bad);

        Assert.Equal(good, Assert.Single(harness.Target.All("Account"))["CustomerId"]);
        Assert.Equal((bad, "key"), (harness.Stores.AllLetters[0].Content.RecordId, harness.Stores.AllLetters[0].Content.Step));
        Assert.Equal("t1", harness.SourceConnection.Polled[^1].Token);
    }

    [Fact]
    public async Task A_dead_token_falls_back_to_the_stamp()
    {
        await using var harness = Shapes.Harness();
        harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var stamp = harness.Time.GetUtcNow();
        await PageAsync(harness, new SourceCursor("dying", stamp), harness.Person("Ada"));
        lock (harness.SourceConnection.Pages) harness.SourceConnection.PollErrors.Enqueue(new OperationError(ErrorKind.Rejected, "400", "Unknown token."));
        var polls = harness.SourceConnection.Polled.Count;
        harness.Time.Advance(TimeSpan.FromSeconds(61));
        await PolledAsync(harness, polls + 2);

        Assert.Equal(new SourceCursor(null, stamp), harness.SourceConnection.Polled[^1]);
    }

    [Fact]
    public async Task A_source_that_cannot_be_read_is_one_incident_that_closes_when_it_is_read_again_also_after_a_restart()
    {
        await using var harness = Shapes.Harness();
        harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        await PageAsync(harness, new SourceCursor("t1", null), harness.Person("Ada"));
        lock (harness.SourceConnection.Pages)
        {
            harness.SourceConnection.PollErrors.Enqueue(new OperationError(ErrorKind.Misconfigured, "404", "No such feed."));
            harness.SourceConnection.PollErrors.Enqueue(new OperationError(ErrorKind.Authentication, "401", "Session expired."));
        }

        await UntilAsync(harness, () => harness.Stores.AllIncidents is [{ Count: 2, RecoveredAt: null }]);
        Assert.Contains("Session expired.", harness.Stores.AllIncidents[0].Message, StringComparison.Ordinal);

        await harness.RestartAsync();
        await UntilAsync(harness, () => harness.Stores.AllIncidents is [{ Count: 2, RecoveredAt: not null }]);
    }

    [Fact]
    public async Task The_same_row_twice_is_one_event_and_a_third_state_is_another()
    {
        await using var harness = Shapes.Harness();
        harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var id = harness.Person("A");
        foreach (var name in new[] { "A", "A", "B", "A" })
        {
            var record = new Dictionary<string, object?> { ["id"] = id, ["name"] = name, ["email"] = null, ["phone"] = null, ["status"] = "new" };
            await PageAsync(harness, new SourceCursor(Guid.NewGuid().ToString(), null), new SourceRow { RecordId = id, Record = record });
        }

        Assert.Equal(3, harness.Stores.AllRuns.Count);
        Assert.Equal("A", Assert.Single(harness.Target.All("Account"))["Name"]);
    }

    private static Task PageAsync(RuntimeHarness harness, SourceCursor cursor, params string[] ids) =>
        PageAsync(harness, cursor, [.. ids.Select(i => new SourceRow { RecordId = i, Version = harness.Source.Version("customer", i) })]);

    private static async Task PageAsync(RuntimeHarness harness, SourceCursor cursor, params SourceRow[] rows)
    {
        int polls;
        lock (harness.SourceConnection.Pages)
        {
            polls = harness.SourceConnection.Polled.Count;
            harness.SourceConnection.Pages.Enqueue(new SourcePage { Rows = rows, Cursor = cursor, HasMore = true });
        }

        harness.Time.Advance(TimeSpan.FromSeconds(61));
        await PolledAsync(harness, polls + 2);
        await harness.IdleAsync();
    }

    /// <summary>The source was asked so often; what came before is stored then.</summary>
    private static Task PolledAsync(RuntimeHarness harness, int times) => UntilAsync(harness, () =>
    {
        lock (harness.SourceConnection.Pages) return harness.SourceConnection.Polled.Count >= times;
    });

    private static async Task UntilAsync(RuntimeHarness harness, Func<bool> holds)
    {
        // The clock is pushed until the source's pause, which begins some time after its poll, is over.
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30);)
        {
            if (holds()) return;
            for (var i = 0; i < 50; i++) await Task.Yield();
            harness.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Fail($"It did not happen. The source was asked {harness.SourceConnection.Polled.Count} times; incidents: {string.Join("; ", harness.Stores.AllIncidents)}");
    }
}
