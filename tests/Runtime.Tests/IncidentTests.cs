using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>An incident is over when what it tells of is: else people learn to look away.</summary>
public sealed class IncidentTests
{
    private static readonly TimeSpan Hours = TimeSpan.FromHours(3);

    [Fact]
    public async Task That_of_a_key_in_a_loop_is_over_when_the_key_runs_again()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(new PlanBuilder("loop").Connection("source").Connection("target")
            .OnChanged("source", Shapes.Customer, t => t with { OnlyWhenChanged = true, Reads = ["name", "status"] })
            .Update("mark", "source", Shapes.Customer, "input.id", ("name", "`${input.name}x`")).Build());
        await harness.StartAsync();
        var id = harness.Person("Ada");
        for (var i = 0; i < 8; i++)
        {
            harness.Source.Put("customer", id, ("status", $"{i}"));
            await harness.ChangedAsync(deployment, id);
            await harness.IdleAsync();
        }

        await harness.StoredAsync();
        Assert.Null(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
        await harness.DrainAsync(Hours);
        await harness.StoredAsync();
        Assert.NotNull(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
    }

    [Fact]
    public async Task That_of_dead_letters_is_over_when_the_last_one_was_replayed_well_though_the_process_began_anew_meanwhile()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var letter = await RefusedAsync(harness, deployment, harness.Person("Ada"));
        harness.Target.Refuses = null;
        harness.Target.Fail(FakeFault.RateLimited);
        Assert.NotNull(await harness.Runtime.Replayer.ReplayAsync(RuntimeHarness.Workspace, letter, fromStep: false, CancellationToken.None));
        await harness.IdleAsync();
        await harness.RestartAsync();
        await harness.DrainAsync(Hours);
        await harness.RestartAsync();
        await harness.StoredAsync();

        Assert.Single(harness.Target.All("Account"));
        Assert.NotNull(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
    }

    [Fact]
    public async Task That_of_a_dead_letter_whose_replay_has_nothing_to_do_is_over()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var ada = harness.Person("Ada");
        var letter = await RefusedAsync(harness, deployment, ada);
        harness.Source.Remove("customer", ada);
        Assert.NotNull(await harness.Runtime.Replayer.ReplayAsync(RuntimeHarness.Workspace, letter, fromStep: false, CancellationToken.None));
        await harness.DrainAsync(Hours);
        await harness.StoredAsync();

        Assert.Equal(1, harness.Count(RunOutcome.Filtered));
        Assert.NotNull(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
    }

    [Fact]
    public async Task Of_a_deployment_that_is_taken_away_none_stays_open()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        await RefusedAsync(harness, deployment, harness.Person("Ada"));
        await harness.Runtime.RetireAsync(deployment, "the deployment was taken away");
        await harness.StoredAsync();
        Assert.NotNull(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
    }

    [Fact]
    public async Task That_of_a_record_not_as_we_left_it_is_over_when_we_write_the_record_again()
    {
        await using var harness = Shapes.Harness();
        // A webhook's payload is no record: it cannot be run again by itself.
        var deployment = harness.Deploy(new PlanBuilder("orders").Connection("source").Connection("target").Webhook().Key("input.id")
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")]).Build());
        await harness.StartAsync();
        await harness.PostAsync(deployment, ("id", "1"), ("name", "Ada"));
        await harness.DrainAsync(Hours);
        harness.Target.Faults = (what, _) => what != "read" && harness.Target.All("Account")[0]["Name"] is "Ada" && harness.Target.Calls.Count(c => c.What == what) < 2 ? FakeFault.LostBefore : FakeFault.None;
        await harness.PostAsync(deployment, ("id", "1"), ("name", "Ada Lovelace"));
        await harness.IdleAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(45));
        var account = Assert.Single(harness.Target.All("Account"));
        Assert.Equal("Ada Lovelace", account["Name"]);
        harness.Target.Put("Account", (string)account["id"]!, ("Name", "Ada (late)"));
        await harness.DrainAsync(Hours);
        await harness.StoredAsync();
        Assert.Null(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);

        await harness.PostAsync(deployment, ("id", "1"), ("name", "Ada King"));
        await harness.DrainAsync(Hours);
        await harness.StoredAsync();
        Assert.NotNull(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
    }

    private static async Task<long> RefusedAsync(RuntimeHarness harness, DeploymentRef deployment, string id)
    {
        harness.Target.Refuses = (_, _) => "Closed.";
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        await harness.StoredAsync();
        Assert.Null(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
        return Assert.Single(harness.Stores.AllLetters).Id;
    }
}
