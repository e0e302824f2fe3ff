using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>What waits of a deployment that is taken away ends, each event with a run that says so.</summary>
public sealed class RetirementTests
{
    private const string Gone = "the deployment was taken away";

    [Fact]
    public async Task Nothing_of_a_backfill_stays_ready_when_its_deployment_is_taken_away()
    {
        await using var harness = Shapes.Harness();
        harness.Options = harness.Options with { Window = 5 };
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var release = new TaskCompletionSource();
        var calls = 0;
        harness.Target.Before = (_, _) => Interlocked.Increment(ref calls) > 0 ? release.Task : Task.CompletedTask;
        var ids = Enumerable.Range(0, 50).Select(i => harness.Person($"N{i}")).ToList();
        await harness.Runtime.Backfills.BeginAsync(harness.Runtime.Registry.Find(deployment)!, new BackfillOrder { Records = ids }, "kim", default);
        await PushedAsync(harness, () => Volatile.Read(ref calls) > 0 && harness.Stores.Pending == 50);

        var retired = harness.Runtime.RetireAsync(deployment, Gone);
        release.SetResult();
        await PushedAsync(harness, () => retired.IsCompleted);
        await retired;
        Assert.Equal((0, 50), (harness.Stores.Pending, harness.Stores.AllRuns.Count));
        Assert.Null(harness.Runtime.Registry.Find(deployment));
        var backfill = harness.Stores.AllBackfills.Single();
        Assert.Equal((BackfillState.Cancelled, Gone), (backfill.State, backfill.Problem));
        // What was at work ended as it does; the rest did nothing.
        Assert.InRange(harness.Count(RunOutcome.Succeeded), 1, 5);
        Assert.All(harness.Stores.AllRuns.Where(r => r.Outcome != RunOutcome.Succeeded), r => Assert.Equal((RunOutcome.Filtered, Gone), (r.Outcome, r.Text)));
        Assert.Equal(harness.Count(RunOutcome.Succeeded), harness.Target.All("Account").Count);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_run_that_waits_for_a_time_or_a_person_ends_with_what_it_wrote_and_its_question_is_closed(string release)
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, $$"""
            flow: asks
            trigger: { on: source/customer.changed, onlyWhenChanged: false }
            steps:
              - upsert: target/Job
                match: [[Key]]
                set: { Key: =input.id, Note: '=`before ${input.name}`' }
              - wait: { review: '=`Take ${input.name}?`' }
                releaseKey: {{release}}
              - upsert: target/Job
                match: [[Key]]
                set: { Key: =input.id, Note: after }
            """)[0];
        await harness.StartAsync();
        var id = harness.Person("Ada");
        await harness.ChangedAsync(flow, id);
        await harness.IdleAsync();
        await harness.ChangedAsync(flow, id, version: "later");
        await harness.IdleAsync();
        Assert.Equal(release == "true" ? 2 : 1, (await OpenAsync(harness)).Count);
        Assert.Equal(2, harness.Stores.Pending + harness.Stores.Planned);

        var retired = harness.Runtime.RetireAsync(flow, Gone);
        await PushedAsync(harness, () => retired.IsCompleted);
        await retired;
        Assert.Equal((0, 0), (harness.Stores.Pending, harness.Stores.Planned));
        Assert.Empty(await OpenAsync(harness));
        Assert.Equal("before Ada", Assert.Single(harness.Target.All("Job"))["Note"]);
        Assert.Equal(2, harness.Stores.AllRuns.Count);
        Assert.All(harness.Stores.AllRuns, r => Assert.Equal((RunOutcome.Filtered, Gone), (r.Outcome, r.Text)));
        Assert.Contains(harness.Stores.AllEffects, e => harness.Stores.AllRuns.Any(r => r.Id == e.RunId && r.Effects > 0));
    }

    [Fact]
    public async Task A_pause_that_comes_late_does_not_keep_what_waits_from_its_end()
    {
        await using var harness = Shapes.Harness();
        harness.Options = harness.Options with { Window = 1 };
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var release = new TaskCompletionSource();
        harness.Target.Before = (_, _) => release.Task;
        foreach (var name in new[] { "Ada", "Bob", "Cy" }) await harness.ChangedAsync(deployment, harness.Person(name));
        await PushedAsync(harness, () => harness.Runtime.RunsInMemory == 1);

        var retired = harness.Runtime.RetireAsync(deployment, Gone);
        Assert.False(harness.Runtime.Registry.SetState(deployment, DeploymentState.Paused, "another server was told before"));
        release.SetResult();
        await PushedAsync(harness, () => retired.IsCompleted);
        Assert.Equal((0, 3), (harness.Stores.Pending, harness.Stores.AllRuns.Count));
    }

    [Fact]
    public async Task A_dead_letter_of_a_deployment_that_is_gone_stays_and_is_not_sent_into_nowhere()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Refuses = (_, _) => "No such names here.";
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.DrainAsync(TimeSpan.FromHours(12));
        var filter = new DeadLetterFilter { Workspace = RuntimeHarness.Workspace };
        var letter = Assert.Single(harness.Stores.AllLetters);
        var retired = harness.Runtime.RetireAsync(deployment, Gone);
        await PushedAsync(harness, () => retired.IsCompleted);
        Assert.Null(await harness.Runtime.Replayer.ReplayAsync(RuntimeHarness.Workspace, letter.Id, fromStep: false, default));
        Assert.Equal(0, await harness.Runtime.Replayer.ReplayAsync(filter, fromStep: false, default));
        Assert.Equal((DeadLetterState.Open, 0), (harness.Stores.AllLetters.Single().State, harness.Stores.Pending));
    }

    private static Task<IReadOnlyList<Review>> OpenAsync(RuntimeHarness harness) => harness.Runtime.Reviews.ListAsync(new ReviewFilter { Workspace = RuntimeHarness.Workspace }, default);

    /// <summary>The clock is pushed in small steps until it holds.</summary>
    private static async Task PushedAsync(RuntimeHarness harness, Func<bool> holds)
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30);)
        {
            if (holds()) return;
            for (var i = 0; i < 50; i++) await Task.Yield();
            harness.Time.Advance(TimeSpan.FromMilliseconds(50));
        }

        Assert.Fail("It did not happen.\n" + harness.Stores.Left);
    }
}
