using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Rows of a large backfill go to the vendor as jobs, each of a wave of parked runs.</summary>
public sealed class WaveTests
{
    private const int People = 40;

    [Fact]
    public async Task Rows_of_a_large_backfill_go_by_one_job_for_each_kind_of_write()
    {
        await using var harness = Harness();
        var deployment = await StartAsync(harness);
        var done = await BackfillAsync(harness, deployment);
        Assert.Equal((BackfillState.Done, (long)People), (done.State, done.Accepted));
        Assert.Equal([("Account", WriteVerb.Upsert, People), ("Contact", WriteVerb.Upsert, People)], harness.Target.Jobs.All.Select(j => (j.Entity, j.Verb, j.Rows.Count)));
        Assert.Equal((0, 0), (OrdinaryWrites(harness, "Account"), OrdinaryWrites(harness, "Contact")));
        AssertWhole(harness);
        Assert.Equal(People, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task A_small_backfill_and_live_events_go_by_ordinary_calls()
    {
        await using var harness = Harness();
        harness.Target.Jobs.LeastRows = People + 1;
        var deployment = await StartAsync(harness);
        await BackfillAsync(harness, deployment);
        await harness.ChangedAsync(deployment, harness.Person("Live", "live@x"));
        await harness.IdleAsync();
        Assert.Empty(harness.Target.Jobs.All);
        Assert.Equal(People + 1, harness.Target.All("Account").Count);
    }

    [Fact]
    public async Task A_wave_that_stays_small_goes_by_ordinary_calls_after_a_while()
    {
        await using var harness = Harness();
        harness.Options = harness.Options with { MostWaveRows = 10_000 };
        // Every second customer has no e-mail: of contacts there are fewer than a job is worth.
        var deployment = await StartAsync(harness, i => i % 2 == 0 ? $"n{i}@x" : null);
        await BackfillAsync(harness, deployment);
        Assert.Equal(["Account"], harness.Target.Jobs.All.Select(j => j.Entity));
        Assert.Equal((People, People / 2), (harness.Target.All("Account").Count, harness.Target.All("Contact").Count));
    }

    [Fact]
    public async Task A_row_that_the_vendor_refuses_fails_only_its_own_run_with_the_vendors_words()
    {
        await using var harness = Harness();
        harness.Target.Refuses = (entity, fields) => entity == "Account" && Equals(fields.GetValueOrDefault("Name"), "N7") ? "Not this one." : null;
        var deployment = await StartAsync(harness);
        await BackfillAsync(harness, deployment);
        var letter = Assert.Single(harness.Stores.AllLetters);
        Assert.Equal("Not this one.", letter.Content.Message);
        Assert.Equal(People - 1, harness.Target.All("Account").Count);
        Assert.Equal(People - 1, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task A_job_that_is_at_the_vendor_when_the_process_dies_is_asked_and_not_sent_again()
    {
        await using var harness = Harness();
        harness.Target.Jobs.Takes = TimeSpan.FromMinutes(3);
        var deployment = await StartAsync(harness);
        var begun = await BeginAsync(harness, deployment);
        await UntilAsync(harness, () => harness.Target.Jobs.All.Any(j => j.Phase == BulkPhase.Working));
        await harness.RestartAsync();
        await EndedAsync(harness, begun);
        Assert.Single(harness.Target.Jobs.All, j => j.Entity == "Account");
        Assert.Equal(0, OrdinaryWrites(harness, "Account"));
        AssertWhole(harness);
    }

    [Fact]
    public async Task A_job_whose_rows_were_not_handed_over_when_the_process_died_is_given_up_and_a_new_one_takes_them()
    {
        await using var harness = Harness();
        var killed = false;
        harness.Target.Before = (what, _) =>
        {
            if (what != "rows" || killed) return Task.CompletedTask;
            killed = true;
            harness.Kill();
            return Task.CompletedTask;
        };
        var deployment = await StartAsync(harness);
        var begun = await BeginAsync(harness, deployment);
        await UntilAsync(harness, () => harness.IsDead);
        await harness.RestartAsync();
        await EndedAsync(harness, begun);
        Assert.Equal([BulkPhase.Aborted, BulkPhase.Done], harness.Target.Jobs.All.Where(j => j.Entity == "Account").Select(j => j.Phase));
        AssertWhole(harness);
    }

    [Fact]
    public async Task What_a_job_wrote_while_the_process_died_is_compared_once_more()
    {
        await using var harness = Harness();
        // Longer than the time that passes until the late write: the look comes after it.
        harness.Settle = TimeSpan.FromHours(12);
        var deployment = await StartAsync(harness);
        await BackfillAsync(harness, deployment);
        foreach (var person in harness.Source.All("customer")) harness.Person("New" + (string)person["id"]!, (string?)person["email"], id: (string)person["id"]!);
        harness.Target.Jobs.Takes = TimeSpan.FromMinutes(3);
        var begun = await BeginAsync(harness, deployment);
        await UntilAsync(harness, () => harness.Target.Jobs.All.Skip(2).Any(j => j.Phase == BulkPhase.Working));
        await harness.RestartAsync();
        // The answers of the job are told: now the vendor carries out what had stood in its queue before.
        await UntilAsync(harness, () => harness.Target.Jobs.All.Count == 4);
        var late = harness.Target.Jobs.All.Skip(2).First(j => j.Entity == "Account").Rows[0].Result.Value!.Id;
        harness.Target.Put("Account", late, ("Name", "Old"));
        await EndedAsync(harness, begun);
        await harness.DrainAsync(TimeSpan.FromDays(2));
        Assert.All(harness.Target.All("Account"), a => Assert.Equal("New" + a["CustomerId"], a["Name"]));
    }

    [Fact]
    public async Task A_wave_that_fails_by_a_mistake_before_its_job_is_made_goes_by_ordinary_calls()
    {
        await using var harness = Harness();
        harness.Target.Before = (what, _) => what == "job" ? throw new InvalidOperationException("A mistake.") : Task.CompletedTask;
        var deployment = await StartAsync(harness);
        await BackfillAsync(harness, deployment);
        Assert.Empty(harness.Target.Jobs.All);
        Assert.Equal(People, OrdinaryWrites(harness, "Account"));
        AssertWhole(harness);
    }

    [Fact]
    public async Task Dying_while_a_wave_gathers_loses_nothing_and_doubles_nothing()
    {
        await using var harness = Harness();
        harness.Options = harness.Options with { MostWaveRows = 10_000 };
        var deployment = await StartAsync(harness);
        var begun = await BeginAsync(harness, deployment);
        await UntilAsync(harness, () => harness.Stores.NextDue is not null);
        await harness.RestartAsync();
        await EndedAsync(harness, begun);
        AssertWhole(harness);
    }

    [Fact]
    public async Task Of_a_row_the_job_says_nothing_about_it_is_looked_up_whether_it_was_done()
    {
        await using var harness = Harness();
        harness.Target.Jobs.SilentAtEvery = 5;
        var deployment = await StartAsync(harness, flow: Shapes.Leads());
        await BackfillAsync(harness, deployment);
        Assert.Equal((WriteVerb.Create, BulkPhase.Done), Assert.Single(harness.Target.Jobs.All.Select(j => (j.Verb, j.Phase))));
        Assert.Equal((People, 0), (harness.Target.All("Lead").Count, OrdinaryWrites(harness, "Lead")));
        Assert.Equal(People, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task Creates_without_a_key_of_the_vendor_are_done_once_though_the_process_dies_while_their_job_runs()
    {
        await using var harness = Harness();
        harness.Target.Jobs.Takes = TimeSpan.FromMinutes(3);
        var deployment = await StartAsync(harness, flow: Shapes.Leads());
        var begun = await BeginAsync(harness, deployment);
        await UntilAsync(harness, () => harness.Target.Jobs.All.Any(j => j.Phase == BulkPhase.Working));
        await harness.RestartAsync();
        await EndedAsync(harness, begun);
        Assert.Single(harness.Target.Jobs.All);
        Assert.Equal((People, 0), (harness.Target.All("Lead").Count, OrdinaryWrites(harness, "Lead")));
    }

    [Fact]
    public async Task Of_an_upsert_the_job_says_nothing_about_the_row_is_sent_again()
    {
        await using var harness = Harness();
        harness.Target.Jobs.SilentAtEvery = 5;
        var deployment = await StartAsync(harness);
        await BackfillAsync(harness, deployment);
        AssertWhole(harness);
        Assert.Equal((People / 5, People / 5), (OrdinaryWrites(harness, "Account"), OrdinaryWrites(harness, "Contact")));
    }

    [Fact]
    public async Task Rows_of_a_job_that_ended_early_go_by_ordinary_calls()
    {
        await using var harness = Harness();
        harness.Target.Jobs.EndsAfter = 10;
        var deployment = await StartAsync(harness);
        await BackfillAsync(harness, deployment);
        Assert.Equal(People - 10, OrdinaryWrites(harness, "Account"));
        AssertWhole(harness);
    }

    [Fact]
    public async Task Trouble_of_the_outside_while_a_job_is_under_way_is_waited_out_and_blames_no_record()
    {
        await using var harness = Harness();
        var asked = 0;
        harness.Target.Faults = (what, _) => what is "job" or "rows" or "status" or "results" && ++asked % 2 == 1 ? FakeFault.Unavailable : FakeFault.None;
        var deployment = await StartAsync(harness);
        await BackfillAsync(harness, deployment);
        Assert.Empty(harness.Stores.AllLetters);
        Assert.Equal(0, OrdinaryWrites(harness, "Account"));
        AssertWhole(harness);
    }

    [Fact]
    public async Task A_live_write_to_a_record_that_a_job_holds_waits_for_the_job()
    {
        await using var harness = Harness();
        harness.Target.Jobs.Takes = TimeSpan.FromSeconds(20);
        var deployment = await StartAsync(harness);
        var other = harness.Deploy(Shapes.Customers());
        var begun = await BeginAsync(harness, deployment);
        await UntilAsync(harness, () => harness.Target.Jobs.All.Any(j => j.Phase == BulkPhase.Working));
        var first = harness.Source.All("customer")[0];
        harness.Person("Newer", (string?)first["email"], id: (string)first["id"]!);
        await harness.ChangedAsync(other, (string)first["id"]!);
        await EndedAsync(harness, begun);
        await UntilAsync(harness, () => harness.Target.All("Account").Any(a => Equals(a["Name"], "Newer")));
        var calls = harness.Target.Calls.Where(c => c.Entity == "Account").Select(c => c.What).ToList();
        Assert.InRange(calls.IndexOf("update"), calls.IndexOf("results") + 1, calls.Count - 1);
        Assert.Equal(1, OrdinaryWrites(harness, "Account"));
    }

    [Fact]
    public async Task A_run_that_lost_its_lane_before_it_was_parked_keeps_no_wave_waiting_and_no_record()
    {
        await using var harness = Harness();
        var (lost, key) = (1, "");
        harness.Disk = writer => new FencingDisk(writer, set => set.Changes.OfType<DelayEvent>().FirstOrDefault(d => d.Reason == DelayEvent.ForJob) is { } parks && Interlocked.Exchange(ref lost, 0) == 1 && (key = parks.Key.Key) != "");
        var deployment = await StartAsync(harness);
        var begun = await BeginAsync(harness, deployment);
        await EndedAsync(harness, begun);
        Assert.NotEqual("", key);
        AssertWhole(harness);
    }

    private static RuntimeHarness Harness()
    {
        var harness = Shapes.Harness();
        harness.Target.Jobs.LeastRows = People * 3 / 4;
        harness.Options = harness.Options with { MostWaveRows = People };
        return harness;
    }

    private static async Task<DeploymentRef> StartAsync(RuntimeHarness harness, Func<int, string?>? email = null, CompiledFlow? flow = null)
    {
        var deployment = harness.Deploy(flow ?? Shapes.Customers());
        for (var i = 0; i < People; i++) harness.Person($"N{i}", email is null ? $"n{i}@x" : email(i));
        await harness.StartAsync();
        return deployment;
    }

    private static async Task<string> BeginAsync(RuntimeHarness harness, DeploymentRef deployment)
    {
        var order = new BackfillOrder { Records = [.. harness.Source.All("customer").Select(r => (string)r["id"]!)] };
        var answer = await harness.Runtime.Backfills.BeginAsync(harness.Runtime.Registry.Find(deployment)!, order, "kim", CancellationToken.None);
        Assert.Null(answer.Problem);
        return answer.Backfill!.Id;
    }

    private static async Task<Backfill> BackfillAsync(RuntimeHarness harness, DeploymentRef deployment) => await EndedAsync(harness, await BeginAsync(harness, deployment));

    private static async Task<Backfill> EndedAsync(RuntimeHarness harness, string id)
    {
        await UntilAsync(harness, () => !harness.Stores.AllBackfills.Single(b => b.Id == id).IsOpen);
        await harness.IdleAsync();
        return harness.Stores.AllBackfills.Single(b => b.Id == id);
    }

    private static int OrdinaryWrites(RuntimeHarness harness, string entity) =>
        harness.Target.Calls.Where(c => c.Entity == entity && c.What is "create" or "update" or "upsert").Where(c => c.Entity == entity).Sum(c => c.Rows);

    private static void AssertWhole(RuntimeHarness harness)
    {
        Assert.Empty(harness.Stores.AllLetters);
        Assert.Equal(People, harness.Target.All("Account").Select(a => a["CustomerId"]).Distinct().Count());
        Assert.Equal(People, harness.Target.All("Account").Count);
        Assert.Equal(People, harness.Target.All("Contact").Count);
        var accounts = harness.Target.All("Account").ToDictionary(a => (string)a["id"]!, a => a["CustomerId"]);
        Assert.All(harness.Target.All("Contact"), c => Assert.Equal($"{accounts[(string)c["AccountId"]!]}/primary", c["PersonKey"]));
    }

    /// <summary>The clock is pushed in steps until it holds; while runs are at work it stands still, but for one that waits for a job.</summary>
    private static async Task UntilAsync(RuntimeHarness harness, Func<bool> holds)
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(60);)
        {
            if (holds()) return;
            using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            try
            {
                await harness.Runtime.WaitIdleAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // It waits for the time that is about to pass.
            }

            harness.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Fail($"It did not happen. Jobs: {string.Join(", ", harness.Target.Jobs.All.Select(j => $"{j.Id} {j.Entity} {j.Phase} {j.Rows.Count}"))}. {harness.Stores.Left}");
    }
}
