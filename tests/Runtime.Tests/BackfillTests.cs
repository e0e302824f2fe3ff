using WorkflowEngine.Abstractions;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class BackfillTests
{
    [Fact]
    public async Task By_list_every_named_record_runs_once_at_low_priority()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var ids = Enumerable.Range(0, 7).Select(i => harness.Person($"N{i}")).ToList();
        var begun = await BeginAsync(harness, deployment, new BackfillOrder { Records = ids });
        var done = await EndedAsync(harness, begun.Id);

        Assert.Equal((BackfillState.Done, 7L, 7L), (done.State, done.Read, done.Accepted));
        Assert.Equal(7, harness.Target.All("Account").Count);
        Assert.All(harness.Stores.AllRuns, run => Assert.Equal(CallPriority.Backfill, run.Priority));
    }

    [Fact]
    public async Task By_query_every_record_of_the_source_is_handed_in()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        for (var i = 0; i < 30; i++) harness.Person($"N{i}");
        await harness.StartAsync();
        var begun = await BeginAsync(harness, deployment, new BackfillOrder { By = BackfillBy.Query });
        Assert.Equal(BackfillState.Done, (await EndedAsync(harness, begun.Id)).State);
        Assert.Equal(30, harness.Target.All("Account").Count);
    }

    [Fact]
    public async Task By_query_of_very_many_records_a_job_of_the_vendor_reads_them_and_a_crash_goes_on_in_it()
    {
        await using var harness = Shapes.Harness();
        (harness.Source.Jobs.Reads, harness.Source.Jobs.Counts) = (true, 20_000);
        var deployment = harness.Deploy(Shapes.Customers());
        for (var i = 0; i < 30; i++) harness.Person($"N{i}");
        await harness.StartAsync();
        var pages = 0;
        harness.Source.Before = (what, _) =>
        {
            // The process dies when the first page is stored and the second is asked for.
            if (what == "page" && ++pages == 2) harness.Kill();
            return Task.CompletedTask;
        };
        var begun = await BeginAsync(harness, deployment, new BackfillOrder { By = BackfillBy.Query });
        await UntilAsync(harness, () => harness.IsDead);
        Assert.Equal(10, harness.Stores.AllBackfills.Single().Read);
        await harness.RestartAsync();
        var done = await EndedAsync(harness, begun.Id);
        Assert.Equal((BackfillState.Done, 30L), (done.State, done.Read));
        Assert.Single(harness.Source.Jobs.All);
        Assert.DoesNotContain(harness.Source.Calls, c => c.What == "read" && c.Rows > 1);
        Assert.Equal(30, harness.Target.All("Account").Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_job_that_the_vendor_lost_leaves_the_records_to_be_asked_for_page_by_page(long read)
    {
        await using var harness = Shapes.Harness();
        (harness.Source.Jobs.Reads, harness.Source.Jobs.Counts) = (true, 20_000);
        var deployment = harness.Deploy(Shapes.Customers());
        for (var i = 0; i < 30; i++) harness.Person($"N{i}");
        await harness.StartAsync();
        var begun = await BeginAsync(harness, deployment, new BackfillOrder { By = BackfillBy.Query });
        await UntilAsync(harness, () => harness.Source.Jobs.All.Count == 1 && harness.Stores.AllBackfills.Single().Read >= read);
        harness.Source.Jobs.Forget();
        Assert.Equal(BackfillState.Done, (await EndedAsync(harness, begun.Id)).State);
        Assert.Equal(30, harness.Target.All("Account").Count);
        Assert.Equal(30, harness.Stores.AllRuns.Count);
    }

    [Fact]
    public async Task By_feed_it_begins_where_it_was_told_and_goes_on_from_its_last_page_after_a_crash()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var from = harness.Time.GetUtcNow().AddDays(-30);
        harness.Source.Past.Enqueue(Page(harness, "t1", true, harness.Person("Ada"), harness.Person("Bob")));
        // Behind the page the vendor refuses for a while: the process dies meanwhile.
        var begun = await BeginAsync(harness, deployment, new BackfillOrder { From = from });
        await UntilAsync(harness, () => harness.Stores.AllBackfills.Single().Read == 2);
        lock (harness.SourceConnection.Pages) Assert.Contains(new SourceCursor(null, from), harness.SourceConnection.Polled);

        await harness.RestartAsync();
        harness.Source.Past.Enqueue(Page(harness, "t2", false, harness.Person("Cleo")));
        var done = await EndedAsync(harness, begun.Id);
        lock (harness.SourceConnection.Pages) Assert.Contains(harness.SourceConnection.Polled, c => c.Token == "t1");
        Assert.Equal((BackfillState.Done, 3L), (done.State, done.Read));
        Assert.Equal(3, harness.Target.All("Account").Count);
    }

    [Fact]
    public async Task What_keeps_it_waiting_is_an_incident_until_it_reads_again_also_over_a_restart()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        harness.Person("Ada");
        await harness.StartAsync();
        harness.Source.Faults = (what, _) => what == "read" ? FakeFault.Unauthorized : FakeFault.None;
        var begun = await BeginAsync(harness, deployment, new BackfillOrder { By = BackfillBy.Query });
        await UntilAsync(harness, () => harness.Stores.AllIncidents.Any(Of));
        Assert.Null(harness.Stores.AllIncidents.Single(Of).RecoveredAt);
        await harness.RestartAsync();
        harness.Source.Faults = null;
        Assert.Equal(BackfillState.Done, (await EndedAsync(harness, begun.Id)).State);
        await harness.StoredAsync();
        Assert.NotNull(harness.Stores.AllIncidents.Single(Of).RecoveredAt);

        bool Of(Incident incident) => incident.Fingerprint == "backfill:" + begun.Id;
    }

    [Fact]
    public async Task What_kept_it_waiting_is_over_when_it_is_cancelled()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        harness.Person("Ada");
        await harness.StartAsync();
        harness.Source.Faults = (what, _) => what == "read" ? FakeFault.Unauthorized : FakeFault.None;
        var begun = await BeginAsync(harness, deployment, new BackfillOrder { By = BackfillBy.Query });
        await UntilAsync(harness, () => harness.Stores.AllIncidents.Count > 0);
        await harness.Runtime.Backfills.CancelAsync(RuntimeHarness.Workspace, begun.Id, "kim", default);
        await harness.StoredAsync();
        Assert.NotNull(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
    }

    [Fact]
    public async Task It_never_overwrites_what_a_newer_change_wrote()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var id = harness.Person("Old");
        var old = harness.Source.All("customer").Single();
        harness.Person("New", id: id);
        await harness.ChangedAsync(deployment, id, hint: false);
        await harness.IdleAsync();
        Assert.Equal("New", Assert.Single(harness.Target.All("Account"))["Name"]);

        await OldAsync(harness, deployment, id, old);
        Assert.Equal("New", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Equal(1, harness.Count(RunOutcome.Superseded));
    }

    [Fact]
    public async Task Waiting_behind_a_newer_change_it_does_not_take_its_place()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var first = harness.Person("First");
        // The line of the key is held, so that both wait in it together.
        harness.Target.Fail(FakeFault.RateLimited);
        await harness.ChangedAsync(deployment, first, hint: false);
        await harness.IdleAsync();
        var old = harness.Source.All("customer").Single();
        harness.Person("Older", id: first);
        var older = harness.Source.All("customer").Single();
        harness.Person("Newest", id: first);
        await harness.ChangedAsync(deployment, first, hint: false);
        await OldAsync(harness, deployment, first, older);
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.NotEqual(old["version"], older["version"]);
        Assert.Equal("Newest", Assert.Single(harness.Target.All("Account"))["Name"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_only_the_latest_counts_the_older_row_gives_way_whichever_of_the_two_came_first(bool liveFirst)
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers(trigger: t => t with { LatestOnly = true }));
        await harness.StartAsync();
        var id = harness.Person("Old");
        var old = harness.Source.All("customer").Single();
        harness.Person("New", id: id);
        harness.Runtime.Registry.SetState(deployment, DeploymentState.Paused, "until both are there");
        if (!liveFirst) await OldAsync(harness, deployment, id, old);
        await harness.ChangedAsync(deployment, id, hint: false);
        if (liveFirst) await OldAsync(harness, deployment, id, old);
        Assert.Equal(2, harness.Stores.Pending);
        harness.Runtime.Registry.SetState(deployment, DeploymentState.Active, null);
        await harness.IdleAsync();

        Assert.Equal("New", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Equal(1, harness.Writes("Account"));
        Assert.Equal((1, 1, 0), (harness.Count(RunOutcome.Succeeded), harness.Count(RunOutcome.Superseded), harness.Stores.Pending));
        // The live one ran, at its own priority.
        Assert.Equal(CallPriority.Live, harness.Stores.AllRuns.Single(r => r.Outcome == RunOutcome.Succeeded).Priority);
    }

    [Fact]
    public async Task A_live_event_goes_before_all_that_a_backfill_brought()
    {
        await using var harness = Shapes.Harness();
        harness.Options = harness.Options with { Window = 10 };
        harness.TargetBatch = 1;
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var release = new TaskCompletionSource();
        harness.Target.Before = (_, _) => release.Task;
        var ids = Enumerable.Range(0, 100).Select(i => harness.Person($"N{i}")).ToList();
        await BeginAsync(harness, deployment, new BackfillOrder { Records = ids });
        await UntilAsync(harness, () => harness.Runtime.RunsInMemory >= 6);
        var live = harness.Person("Live");
        await harness.ChangedAsync(deployment, live);
        await UntilAsync(harness, () => harness.Runtime.RunsInMemory >= 7);
        release.SetResult();
        await harness.DrainAsync(TimeSpan.FromHours(1));
        var order = harness.Stores.AllRuns.OrderBy(r => r.StartedAt).ThenBy(r => r.EventId).Select(r => r.RecordId).ToList();
        Assert.True(harness.Stores.AllRuns.TakeWhile(r => r.RecordId != live).Count() <= 30, "The live event ended among the first.");
        Assert.Equal(101, order.Count);
    }

    [Fact]
    public async Task Cancelled_it_reads_no_more_and_what_has_not_begun_does_nothing()
    {
        await using var harness = Shapes.Harness();
        harness.Options = harness.Options with { Window = 5 };
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var (release, left) = (new TaskCompletionSource(), 0);
        harness.Target.Before = (_, _) =>
        {
            Volatile.Write(ref left, 1);
            return release.Task;
        };
        var ids = Enumerable.Range(0, 50).Select(i => harness.Person($"N{i}")).ToList();
        var begun = await BeginAsync(harness, deployment, new BackfillOrder { Records = ids });
        // In memory they need not have begun; who has sent a call has.
        await UntilAsync(harness, () => harness.Runtime.RunsInMemory >= 3 && Volatile.Read(ref left) == 1);
        var cancelled = await harness.Runtime.Backfills.CancelAsync(RuntimeHarness.Workspace, begun.Id, "kim", CancellationToken.None);
        Assert.Equal((BackfillState.Cancelled, (string?)null), (cancelled.Backfill!.State, cancelled.Problem));
        release.SetResult();
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.InRange(harness.Target.All("Account").Count, 1, 5);
        Assert.True(harness.Count(RunOutcome.Filtered) >= 45);

        // What is live afterwards runs as ever, and a restart does not bring the backfill back.
        await harness.RestartAsync();
        var live = harness.Person("Live");
        await harness.ChangedAsync(deployment, live);
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Contains(harness.Target.All("Account"), a => (string?)a["CustomerId"] == live);
        Assert.Equal(BackfillState.Cancelled, harness.Stores.AllBackfills.Single().State);
    }

    [Fact]
    public async Task Half_done_it_is_likely_to_take_as_long_again()
    {
        await using var harness = Shapes.Harness();
        harness.TargetBatch = 1;
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var (release, written) = (new TaskCompletionSource(), 0);
        harness.Target.Before = (what, _) => what == "read" || Interlocked.Increment(ref written) <= 20 ? Task.CompletedTask : release.Task;
        var ids = Enumerable.Range(0, 40).Select(i => harness.Person($"N{i}")).ToList();
        var begun = await BeginAsync(harness, deployment, new BackfillOrder { Records = ids });
        await UntilAsync(harness, () => harness.Stores.AllRuns.Count == 20 && harness.Stores.AllBackfills.Single().State == BackfillState.Running);
        harness.Time.Advance(TimeSpan.FromSeconds(10));
        var progress = (await harness.Runtime.Backfills.FindAsync(RuntimeHarness.Workspace, begun.Id, CancellationToken.None))!;
        var now = harness.Time.GetUtcNow();
        Assert.Equal(20, progress.Waiting);
        Assert.Equal(now + (now - begun.StartedAt), progress.Eta);
        release.SetResult();
        Assert.Equal(BackfillState.Done, (await EndedAsync(harness, begun.Id)).State);
        Assert.Null((await harness.Runtime.Backfills.FindAsync(RuntimeHarness.Workspace, begun.Id, CancellationToken.None))!.Eta);
    }

    [Fact]
    public async Task A_second_one_of_the_same_deployment_is_refused_while_one_is_under_way()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var release = new TaskCompletionSource();
        harness.Target.Before = (_, _) => release.Task;
        var active = harness.Runtime.Registry.Find(deployment)!;
        var begun = await BeginAsync(harness, deployment, new BackfillOrder { Records = [harness.Person("Ada")] });
        var again = await harness.Runtime.Backfills.BeginAsync(active, new BackfillOrder(), "kim", CancellationToken.None);
        Assert.Equal(begun.Id, again.Backfill!.Id);
        Assert.Contains("under way", again.Problem);
        release.SetResult();
        await EndedAsync(harness, begun.Id);
        Assert.Null((await harness.Runtime.Backfills.BeginAsync(active, new BackfillOrder(), "kim", CancellationToken.None)).Problem);
    }

    [Theory]
    [InlineData(BackfillBy.List, null, "1 to")]
    [InlineData(BackfillBy.Query, "x", "only by list")]
    [InlineData(null, "", "1 to 100 characters")]
    public async Task An_order_that_cannot_be_is_refused_in_a_sentence(BackfillBy? by, string? record, string words)
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var answer = await harness.Runtime.Backfills.BeginAsync(
            harness.Runtime.Registry.Find(deployment)!, new BackfillOrder { By = by, Records = record is null ? [] : [record] }, "kim", CancellationToken.None);
        Assert.Null(answer.Backfill);
        Assert.Contains(words, answer.Problem);
    }

    private static async Task<Backfill> BeginAsync(RuntimeHarness harness, DeploymentRef deployment, BackfillOrder order)
    {
        var answer = await harness.Runtime.Backfills.BeginAsync(harness.Runtime.Registry.Find(deployment)!, order, "kim", CancellationToken.None);
        Assert.Null(answer.Problem);
        return answer.Backfill!;
    }

    private static async Task<Backfill> EndedAsync(RuntimeHarness harness, string id)
    {
        await UntilAsync(harness, () => !harness.Stores.AllBackfills.Single(b => b.Id == id).IsOpen);
        await harness.IdleAsync();
        return harness.Stores.AllBackfills.Single(b => b.Id == id);
    }

    private static async Task OldAsync(RuntimeHarness harness, DeploymentRef deployment, string id, IReadOnlyDictionary<string, object?> record)
    {
        var active = harness.Runtime.Registry.Find(deployment)!;
        var row = new SourceRow { RecordId = id, Record = record, Version = (string)record["version"]! };
        await harness.Runtime.Intake.AppendAsync(new EventFactory(null!, harness.Time).Change(active, active.Flow.Triggers[0], row, id, record, CallPriority.Backfill));
        await harness.IdleAsync();
    }

    private static SourcePage Page(RuntimeHarness harness, string token, bool more, params string[] ids) => new()
    {
        Rows = [.. ids.Select(i => new SourceRow { RecordId = i, Version = harness.Source.Version("customer", i) })], Cursor = new SourceCursor(token, harness.Time.GetUtcNow()), HasMore = more,
    };

    /// <summary>The clock is pushed in small steps until it holds.</summary>
    private static async Task UntilAsync(RuntimeHarness harness, Func<bool> holds)
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30);)
        {
            if (holds()) return;
            for (var i = 0; i < 50; i++) await Task.Yield();
            harness.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.Fail("It did not happen.");
    }
}
