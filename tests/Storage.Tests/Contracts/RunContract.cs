using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

public abstract class RunContract : StoreContract
{
    [Fact]
    public async Task A_run_comes_back_as_it_was()
    {
        var run = Samples.Run("run-1");
        await CommitAsync(new AddRun(run));
        Assert.Equal(run, await Stores.Runs.FindAsync("default", "run-1", None));
        Assert.Null(await Stores.Runs.FindAsync("other", "run-1", None));
    }

    /// <summary>Rows of one statement follow each other in one commit: what stays the same, what changes, what is left out and what comes back.</summary>
    [Fact]
    public async Task Runs_that_share_values_with_the_one_before_keep_each_its_own()
    {
        var run = Samples.Run("1") with { Text = "one", ReplayOf = null };
        var text = new string('x', 500);
        RunRow[] runs =
        [
            run, run with { Id = "2" }, run with { Id = "3", Text = null }, run with { Id = "4", ReplayOf = 7 }, run with { Id = "5", Deployment = Other, ReplayOf = 7 }, run with { Id = "6", Text = text },
            run with { Id = "7", Text = new string('x', 500) }, run with { Id = "8", Text = "" }, run with { Id = "9", RecordId = null, Attempts = 0 }, run with { Id = "91" },
        ];
        await CommitAsync([.. runs.Select(r => new AddRun(r))]);

        foreach (var expected in runs) Assert.Equal(expected, await Stores.Runs.FindAsync(expected.Deployment.Workspace, expected.Id, None));
    }

    [Fact]
    public async Task Runs_are_paged_newest_first_by_their_characters()
    {
        string[] ids = ["01-a", "01-B", "02", "03", "04", "05", "06"];
        await CommitAsync([.. ids.Select(id => new AddRun(Samples.Run(id)))]);
        var seen = new List<string>();
        string? before = null;
        while (true)
        {
            var page = await Stores.Runs.ListAsync(new RunFilter { Workspace = "default", Before = before, Limit = 3 }, None);
            if (page.Count == 0) break;
            seen.AddRange(page.Select(run => run.Id));
            before = page[^1].Id;
        }

        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task Runs_of_several_deployments_are_one_list()
    {
        DeploymentRef[] of = [.. new[] { "3", "4", "5" }.Select(n => new DeploymentRef("default", new Guid($"{n}1111111-1111-1111-1111-111111111111")))];
        await CommitAsync([.. of.Select((d, i) => new AddRun(Samples.Run($"run-{i}") with { Deployment = d }))]);
        var found = await Stores.Runs.ListAsync(new RunFilter { Workspace = "default", Deployments = [of[0].Id, of[2].Id] }, None);
        Assert.Equal(["run-2", "run-0"], found.Select(run => run.Id));
        Assert.Empty(await Stores.Runs.ListAsync(new RunFilter { Workspace = "default", Deployments = [] }, None));
    }

    [Fact]
    public async Task What_ended_for_one_trigger_within_a_time_is_counted_but_for_backfills_and_replays()
    {
        var own = Samples.Run("1") with { ReplayOf = null };
        await CommitAsync(
            new AddRun(own), new AddRun(own with { Id = "2", EndedAt = Noon.AddHours(1), Outcome = RunOutcome.Stopped, Priority = CallPriority.Live }), new AddRun(own with { Id = "3", EndedAt = Noon }),
            new AddRun(own with { Id = "4", EndedAt = Noon.AddHours(1).AddTicks(1) }), new AddRun(own with { Id = "5", ReplayOf = 5 }), new AddRun(own with { Id = "6", Priority = CallPriority.Backfill }),
            new AddRun(own with { Id = "7", Trigger = "other" }), new AddRun(own with { Id = "8", Deployment = Other }),
            new AddDeadLetter(Samples.Letter("a") with { RunId = "", At = Noon.AddMinutes(1) }), new AddDeadLetter(Samples.Letter("b") with { At = Noon.AddMinutes(1) }),
            new AddDeadLetter(Samples.Letter("c") with { RunId = "", At = Noon }));
        Assert.Equal(
            new Dictionary<RunOutcome, long> { [RunOutcome.Succeeded] = 1, [RunOutcome.Stopped] = 1, [RunOutcome.Failed] = 1 },
            await Stores.Runs.CountEndedAsync(own.Deployment, "changed", Noon, Noon.AddHours(1), None));
    }

    [Fact]
    public async Task Every_filter_of_runs_filters()
    {
        var odd = Samples.Run("2") with { Deployment = new DeploymentRef("default", Guid.NewGuid()), Outcome = RunOutcome.Failed, Key = "odd", EndedAt = Noon.AddDays(1) };
        await CommitAsync(new AddRun(Samples.Run("1")), new AddRun(odd), new AddRun(Samples.Run("3") with { Deployment = Other }));
        var all = new RunFilter { Workspace = "default" };
        foreach (var filter in (RunFilter[])
            [all with { Deployment = odd.Deployment.Id }, all with { Outcome = RunOutcome.Failed }, all with { Key = "odd" }, all with { Since = Noon.AddDays(1) }, all with { Limit = 1 }])
        {
            Assert.Equal([odd], await Stores.Runs.ListAsync(filter, None));
        }

        Assert.Equal(2, (await Stores.Runs.ListAsync(all, None)).Count);
        var counts = await Stores.Runs.CountAllAsync("default", null, None);
        Assert.Equal(2, counts.Count);
        Assert.Equal(new Dictionary<RunOutcome, long> { [RunOutcome.Failed] = 1 }, counts[odd.Deployment.Id]);
        Assert.Equal(2, (await Stores.Runs.CountAllAsync("default", Samples.Run("x").EndedAt, None)).Values.Sum(c => c.Values.Sum()));
        Assert.Equal([odd.Deployment.Id], (await Stores.Runs.CountAllAsync("default", Samples.Run("x").EndedAt.AddHours(1), None)).Keys);
        Assert.Empty(await Stores.Runs.CountAllAsync("default", Samples.Run("x").EndedAt.AddDays(2), None));
    }

    [Fact]
    public async Task Effects_are_found_by_run_and_by_record()
    {
        await CommitAsync(
            new AddEffects([Samples.Effect("run-1", "003A"), Samples.Effect("run-1", "003B", "second")]),
            new AddEffects([Samples.Effect("run-2", "003A"), Samples.Effect("run-3", "003A") with { Workspace = "other" }]));
        var ofRun = await Stores.Runs.EffectsOfRunAsync("default", "run-1", None);
        Assert.Equal(["contact", "second"], ofRun.Select(effect => effect.Step));
        Assert.Equal(["LastName", "Email"], ofRun[0].Fields);
        Assert.Equal(Noon, ofRun[0].At);
        Assert.Equal(["run-2", "run-1"], (await Stores.Runs.EffectsOfRecordAsync("default", "org", "Contact", "003A", 10, None)).Select(effect => effect.RunId));
        Assert.Equal(["run-2"], (await Stores.Runs.EffectsOfRecordAsync("default", "org", "Contact", "003A", 1, None)).Select(effect => effect.RunId));
    }

    [Fact]
    public async Task A_run_reads_its_own_part_of_the_journal()
    {
        var first = Encoding.UTF8.GetBytes("first run|second run, longer|");
        var second = Encoding.UTF8.GetBytes("the second goes on");
        await CommitAsync(new AppendJournal("default", Noon, first, [new JournalEntry("run-1", 0, 10), new JournalEntry("run-2", 10, 19)]));
        await CommitAsync(new AppendJournal("default", Noon, second, [new JournalEntry("run-2", 0, second.Length)]));
        Assert.Equal("first run|", Encoding.UTF8.GetString((await Stores.Runs.ReadJournalAsync("default", "run-1", None))!));
        Assert.Equal("second run, longer|the second goes on", Encoding.UTF8.GetString((await Stores.Runs.ReadJournalAsync("default", "run-2", None))!));
        Assert.Null(await Stores.Runs.ReadJournalAsync("default", "run-3", None));
        Assert.Null(await Stores.Runs.ReadJournalAsync("other", "run-1", None));
    }

    [Fact]
    public async Task A_large_block_comes_back_whole()
    {
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"step {i} read 3 fields; ")));
        await CommitAsync(new AppendJournal("default", Noon, block, [new JournalEntry("run", 0, block.Length)]), new AppendJournal("default", Noon, default, []));
        Assert.Equal(block, await Stores.Runs.ReadJournalAsync("default", "run", None));
    }

    [Fact]
    public async Task What_is_older_than_the_time_to_keep_is_forgotten_and_nothing_else()
    {
        var (old, young) = (Guid.CreateVersion7(Noon.AddDays(-40)).ToString("N"), Guid.CreateVersion7(Noon).ToString("N"));
        await CommitAsync(new SaveKeyState(Key("k"), new KeyState()));
        foreach (var (id, at) in new[] { (old, Noon.AddDays(-40)), (young, Noon) })
        {
            await CommitAsync(
                new AddRun(Samples.Run(id) with { EndedAt = at }), new AddEffects([Samples.Effect(id, "003") with { At = at }]),
                new AppendJournal("default", at, new byte[] { 1, 2, 3 }, [new JournalEntry(id, 0, 3)]));
        }

        Assert.Equal(0, await Stores.History.ForgetAsync(Noon.AddDays(-41), Noon.AddDays(-41), 100, None));

        // The journal goes first, the row of the run stays.
        await Stores.History.ForgetAsync(Noon.AddDays(-30), Noon.AddDays(-365), 100, None);
        Assert.Null(await Stores.Runs.ReadJournalAsync("default", old, None));
        Assert.NotNull(await Stores.Runs.FindAsync("default", old, None));
        while (await Stores.History.ForgetAsync(Noon.AddDays(-30), Noon.AddDays(-30), 1, None) > 0)
        {
        }

        Assert.Null(await Stores.Runs.FindAsync("default", old, None));
        Assert.Empty(await Stores.Runs.EffectsOfRunAsync("default", old, None));
        Assert.NotNull(await Stores.Runs.FindAsync("default", young, None));
        Assert.NotNull(await Stores.Runs.ReadJournalAsync("default", young, None));
        Assert.Single(await Stores.Runs.EffectsOfRunAsync("default", young, None));
        Assert.Equal(1, await Fixture.CountAsync("journal_entry"));
    }
}
