namespace WorkflowEngine.Runtime.Tests;

public sealed class CrashTests
{
    [Fact]
    public async Task Killed_at_every_effect_boundary_the_end_state_is_that_of_an_undisturbed_run()
    {
        var expected = await RunAsync(killAt: 0);
        var boundaries = expected.Boundaries;
        Assert.True(boundaries > 10);
        for (var at = 1; at <= boundaries; at++)
        {
            var disturbed = await RunAsync(at);
            Assert.Equal(expected.State, disturbed.State);
            Assert.Equal(expected.Outcomes, disturbed.Outcomes);
        }
    }

    [Fact]
    public async Task A_parked_run_takes_the_same_branch_after_a_restart()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("branch")
            .Lookup("before", "target", Shapes.Contact, "Email", "input.email")
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")])
            .Lookup("later", "target", Shapes.Lead, "Ref", "input.id", Compilation.Plan.PlanOrElse.Later)
            .If("before === null", then => then.Update("note", "target", Shapes.Account, "account.id", ("Note", "\"was new\"")))
            .Build());
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        harness.Target.Put("Contact", null, ("Email", "ada@example.com"));
        harness.Target.Put("Lead", null, ("Ref", id));

        await harness.RestartAsync();
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Equal("was new", Assert.Single(harness.Target.All("Account"))["Note"]);
    }

    [Fact]
    public async Task A_loop_killed_in_the_middle_goes_on_with_its_item()
    {
        await using var harness = Shapes.Harness();
        var boundary = new KillAt(12);
        harness.Boundary = boundary;
        boundary.Kill = harness.Kill;
        var deployment = harness.Deploy(Shapes.Flow("loop")
            .Map("list", ("all", "[\"a\", \"b\", \"c\", \"d\", \"e\"]"))
            .ForEach("list.all", "x", each => each.CreateOnce("ticket", "target", Shapes.Ticket, "EventKey", "`${input.id}/${x}`", ("Subject", "x")), collect: "ticket.existed", name: "done")
            .Map("sum", ("news", "done.filter(e => !e).length"))
            .Stop("`${sum.news} new`").Build());
        await harness.StartAsync();
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await boundary.Killed.WaitAsync(TimeSpan.FromSeconds(20));
        await harness.StartAsync();
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Equal(["a", "b", "c", "d", "e"], harness.Target.All("Ticket").Select(t => (string)t["Subject"]!).Order());
        Assert.Equal("5 new", Assert.Single(harness.Stores.AllRuns).Text);
    }

    [Fact]
    public async Task An_event_that_was_in_flight_at_three_unclean_deaths_is_a_dead_letter()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var inFlight = new TaskCompletionSource();

        // The first write leaves behind its checkpoint, stored after the note that the event is claimed; a second look after a death waits for nothing, so the note is waited for.
        harness.Target.Before = (what, _) =>
        {
            if (what == "read") return Task.CompletedTask;
            inFlight.TrySetResult();
            return new TaskCompletionSource().Task;
        };
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        for (var death = 0; death < 3; death++)
        {
            await inFlight.Task.WaitAsync(TimeSpan.FromSeconds(20));
            inFlight = new TaskCompletionSource();
            await harness.StoredAsync();
            await harness.RestartAsync();
        }

        harness.Target.Before = null;
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Equal("deaths", Assert.Single(harness.Stores.AllLetters).Content.Code);
    }

    [Fact]
    public async Task A_run_with_effects_goes_on_with_its_version_and_one_without_begins_anew()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("v").Lookup("later", "target", Shapes.Lead, "Ref", "input.id", Compilation.Plan.PlanOrElse.Later)
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Note", "\"one\"")]).Build("1"));
        await harness.StartAsync();
        var id = harness.Person("Ada");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        harness.Deploy(
            Shapes.Flow("v").Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Note", "\"two\"")]).Build("2"), replaces: deployment);
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Equal("two", Assert.Single(harness.Target.All("Account"))["Note"]);
        Assert.Equal("2", Assert.Single(harness.Stores.AllRuns).FlowHash);
    }

    private static async Task<(string State, string Outcomes, int Boundaries)> RunAsync(int killAt)
    {
        await using var harness = Shapes.Harness();
        harness.TargetBatch = 3;
        var boundary = new KillAt(killAt) { Kill = harness.Kill };
        harness.Boundary = boundary;
        var customers = harness.Deploy(Shapes.Customers());
        var leads = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        var people = Enumerable.Range(0, 6).Select(i => harness.Person($"P{i}", $"p{i / 2}@example.com")).ToList();
        harness.Runtime.Registry.SetState(leads, DeploymentState.Paused, "until all are there");
        foreach (var id in people) await harness.ChangedAsync(leads, id);
        await harness.ChangedAsync(customers, people[0]);
        harness.Runtime.Registry.SetState(leads, DeploymentState.Active, null);
        await Task.WhenAny(harness.IdleAsync(), boundary.Killed);
        if (boundary.Killed.IsCompleted) await harness.StartAsync();
        await harness.DrainAsync(TimeSpan.FromHours(3));
        var leadsState = harness.Target.All("Lead").Select(l => $"{l["Ref"]} {l["Email"]} {l["Name"]}").Order();
        var state = string.Join("\n", leadsState.Concat(harness.Target.All("Account").Select(a => $"{a["CustomerId"]} {a["Name"]}")).Concat(harness.Target.All("Contact").Select(c => $"{c["PersonKey"]}")));
        return (state, $"{harness.Stores.Pending} left, {harness.Stores.AllRuns.Count(r => r.Outcome == RunOutcome.Succeeded)} succeeded, {harness.Stores.AllLetters.Count} letters", boundary.Count);
    }
}
