using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class LaneTests
{
    [Fact]
    public async Task Events_of_one_key_run_in_order_and_other_keys_do_not_wait()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var slow = harness.Person("Slow");
        var held = new TaskCompletionSource();
        harness.Target.Before = (what, _) => what == "create" || what == "upsert" ? held.Task : Task.CompletedTask;
        await harness.ChangedAsync(deployment, slow, hint: false);
        harness.Source.Put("customer", slow, ("name", "Slow 2"));
        await harness.ChangedAsync(deployment, slow, hint: false);
        harness.Source.Put("customer", slow, ("name", "Slow 3"));
        await harness.ChangedAsync(deployment, slow, hint: false);
        held.SetResult();
        await harness.IdleAsync();

        Assert.Equal([1L, 2L, 3L], harness.Stores.AllRuns.Select(r => r.EventId));
        Assert.Equal("Slow 3", Assert.Single(harness.Target.All("Account"))["Name"]);
    }

    [Fact]
    public async Task A_run_that_waits_does_not_hold_finished_ones()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("mixed").Lookup("lead", "target", Shapes.Lead, "Ref", "input.status", PlanOrElse.Later)
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id")]).Build());
        await harness.StartAsync();
        harness.Target.Put("Lead", null, ("Ref", "new"));
        var waits = harness.Person("Waits");
        harness.Source.Put("customer", waits, ("status", "later"));
        await harness.ChangedAsync(deployment, waits);
        for (var i = 0; i < 50; i++) await harness.ChangedAsync(deployment, harness.Person($"P{i}"));
        await harness.IdleAsync();

        Assert.Equal(50, harness.Count(RunOutcome.Succeeded));
        Assert.Equal(1, harness.Stores.Pending);
        Assert.Equal(0, harness.Runtime.RunsInMemory);

        harness.Target.Put("Lead", null, ("Ref", "later"));
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal(51, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task Of_several_waiting_changes_of_a_record_the_newest_runs()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers(trigger: t => t with { LatestOnly = true }));
        await harness.StartAsync();
        harness.Runtime.Registry.SetState(deployment, DeploymentState.Paused, "until all are there");
        var id = harness.Person("A");
        foreach (var name in new[] { "A", "B", "C" })
        {
            harness.Source.Put("customer", id, ("name", name));
            await harness.ChangedAsync(deployment, id, hint: false);
        }

        harness.Runtime.Registry.SetState(deployment, DeploymentState.Active, null);
        await harness.IdleAsync();

        Assert.Equal("C", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Equal((1, 2), (harness.Count(RunOutcome.Succeeded), harness.Count(RunOutcome.Superseded)));
        Assert.Equal(1, harness.Writes("Account"));
        Assert.Equal(0, harness.Stores.Pending);
    }

    [Fact]
    public async Task What_a_change_takes_the_place_of_does_not_run_after_it_though_it_had_to_wait()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers(trigger: t => t with { LatestOnly = true }));
        await harness.StartAsync();
        var id = await LineAsync(harness, deployment, "A", "B");
        harness.Target.Fail(FakeFault.RateLimited);
        harness.Runtime.Registry.SetState(deployment, DeploymentState.Active, null);
        await harness.IdleAsync();
        Assert.Equal(2, harness.Stores.Pending);
        harness.Source.Put("customer", id, ("name", "C"));
        await harness.ChangedAsync(deployment, id);
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Equal([(2L, RunOutcome.Succeeded), (1L, RunOutcome.Superseded), (3L, RunOutcome.Succeeded)], harness.Stores.AllRuns.Select(r => (r.EventId, r.Outcome)));
        Assert.Equal("C", Assert.Single(harness.Target.All("Account"))["Name"]);
    }

    [Fact]
    public async Task What_a_change_takes_the_place_of_does_not_run_after_it_though_the_process_died()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Leads(trigger: t => t with { LatestOnly = true }));
        await harness.StartAsync();
        await LineAsync(harness, deployment, "A", "B");
        var under = new TaskCompletionSource();
        harness.Target.Before = (what, _) =>
        {
            if (what != "create") return Task.CompletedTask;
            under.TrySetResult();
            return new TaskCompletionSource().Task;
        };
        harness.Runtime.Registry.SetState(deployment, DeploymentState.Active, null);
        await under.Task.WaitAsync(TimeSpan.FromSeconds(20));
        harness.Target.Before = null;
        await harness.RestartAsync();
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Equal([(2L, RunOutcome.Succeeded), (1L, RunOutcome.Superseded)], harness.Stores.AllRuns.Select(r => (r.EventId, r.Outcome)));
        Assert.Equal("B", Assert.Single(harness.Target.All("Lead"))["Name"]);
    }

    /// <summary>Changes of one record, named so, wait in the paused deployment.</summary>
    private static async Task<string> LineAsync(RuntimeHarness harness, DeploymentRef deployment, params string[] names)
    {
        harness.Runtime.Registry.SetState(deployment, DeploymentState.Paused, "until all are there");
        var id = harness.Person(names[0]);
        foreach (var name in names)
        {
            harness.Source.Put("customer", id, ("name", name));
            await harness.ChangedAsync(deployment, id);
        }

        return id;
    }

    [Fact]
    public async Task Old_news_never_wins()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var id = harness.Person("New");
        await harness.ChangedAsync(deployment, id, hint: false, version: "0000000009");
        await harness.IdleAsync();
        harness.Source.Put("customer", id, ("name", "Old"));
        await harness.ChangedAsync(deployment, id, hint: false, version: "0000000003");
        await harness.IdleAsync();

        Assert.Equal("New", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Equal(1, harness.Count(RunOutcome.Superseded));
    }

    [Fact]
    public async Task A_change_of_nothing_the_flow_reads_is_dropped_and_a_deleted_target_is_not_forgotten_for_other_changes()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers(trigger: t => t with { OnlyWhenChanged = true, Reads = ["name", "email", "phone"] }));
        await harness.StartAsync();
        var id = harness.Person("Ada");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        harness.Source.Put("customer", id, ("status", "seen"));
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        Assert.Equal(1, harness.Count(RunOutcome.Unchanged));

        harness.Source.Put("customer", id, ("name", "Ada L"));
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        Assert.Equal("Ada L", Assert.Single(harness.Target.All("Account"))["Name"]);
    }

    [Fact]
    public async Task Our_own_write_to_the_source_is_an_echo_and_a_persons_edit_is_not()
    {
        await using var harness = Shapes.Harness();
        var plan = new PlanBuilder("echo").Connection("source").Connection("target")
            .OnChanged("source", Shapes.Customer, t => t with { OnlyWhenChanged = true, Reads = ["name", "phone"] })
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")])
            .Update("mark", "source", Shapes.Customer, "input.id", ("phone", "account.id"));
        var deployment = harness.Deploy(plan.Build());
        await harness.StartAsync();
        var id = harness.Person("Ada");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        Assert.Equal(1, harness.Count(RunOutcome.Unchanged));

        harness.Source.Put("customer", id, ("name", "edited seconds later"));
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        Assert.Equal("edited seconds later", Assert.Single(harness.Target.All("Account"))["Name"]);
    }

    [Fact]
    public async Task A_sticky_filter_lets_a_correction_through()
    {
        await using var harness = Shapes.Harness();
        var plan = new PlanBuilder("sticky").Connection("source").Connection("target");
        var filter = plan.Mapping("input.status === \"bad\"");
        plan.OnChanged("source", Shapes.Customer, t => t with { Filter = filter, Sticky = true })
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Note", "input.status")]);
        var deployment = harness.Deploy(plan.Build());
        await harness.StartAsync();
        var id = harness.Person("Ada");
        foreach (var status in new[] { "good", "bad", "good again" })
        {
            harness.Source.Put("customer", id, ("status", status));
            await harness.ChangedAsync(deployment, id);
            await harness.IdleAsync();
        }

        Assert.Equal("good again", Assert.Single(harness.Target.All("Account"))["Note"]);
        Assert.Equal(1, harness.Count(RunOutcome.Filtered));
    }

    [Fact]
    public async Task Becoming_fires_each_time_and_not_at_first_sight()
    {
        await using var harness = Shapes.Harness();
        var plan = new PlanBuilder("won").Connection("source").Connection("target");
        var values = plan.Mapping("\"won\"");
        plan.OnChanged("source", Shapes.Customer, t => t with
        {
            Kind = PlanTriggerKind.Becomes, Becomes = new PlanField("status", Shapes.Customer.Field("status")!, Comparison.In, [0]), BecomesValues = values,
        }).Add(new CreateInstruction
        {
            Step = plan.Step("ticket", "create"), Connection = "target", Entity = Shapes.Ticket, Select = PlanBuilder.Fields(Shapes.Ticket),
            Values = plan.Mapping("input.name"), Set = [plan.Line(Shapes.Ticket, "Subject", 0)],
        });
        var deployment = harness.Deploy(plan.Build());
        await harness.StartAsync();
        var id = harness.Person("Ada");
        foreach (var status in new[] { "won", "lost", "won", "won", "lost", "won" })
        {
            harness.Source.Put("customer", id, ("status", status), ("phone", Guid.NewGuid().ToString()));
            await harness.ChangedAsync(deployment, id);
            await harness.IdleAsync();
        }

        Assert.Equal(2, harness.Target.All("Ticket").Count);
    }

    [Fact]
    public async Task A_large_deployment_does_not_starve_a_small_one()
    {
        await using var harness = Shapes.Harness();
        harness.Options = harness.Options with { Window = 20 };
        var large = harness.Deploy(Shapes.Customers());
        var small = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        harness.Runtime.Registry.SetState(large, DeploymentState.Paused, "until all are there");
        harness.Runtime.Registry.SetState(small, DeploymentState.Paused, "until all are there");
        for (var i = 0; i < 300; i++) await harness.ChangedAsync(large, harness.Person($"P{i}"));
        await harness.ChangedAsync(small, harness.Person("Small", "small@example.com"));
        harness.Runtime.Registry.SetState(large, DeploymentState.Active, null);
        harness.Runtime.Registry.SetState(small, DeploymentState.Active, null);
        await harness.IdleAsync();

        Assert.InRange(harness.Stores.AllRuns.ToList().FindIndex(r => r.Deployment == small), 0, 100);
        Assert.Equal(301, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task A_workspace_of_many_deployments_does_not_starve_one_of_a_single_one()
    {
        await using var harness = Shapes.Harness();
        harness.Options = harness.Options with { Window = 20 };
        var many = Enumerable.Range(0, 9).Select(_ => harness.Deploy(Shapes.Customers())).ToList();
        await harness.StartAsync();
        var registry = harness.Runtime.Registry;
        var single = new DeploymentRef("other", Guid.NewGuid());
        registry.Set(registry.Find(many[0])! with { Ref = single });
        DeploymentRef[] all = [.. many, single];
        foreach (var deployment in all) registry.SetState(deployment, DeploymentState.Paused, "until all are there");
        foreach (var deployment in all)
        {
            for (var i = 0; i < 60; i++) await harness.ChangedAsync(deployment, harness.Person($"P{i}"));
        }

        foreach (var deployment in all) registry.SetState(deployment, DeploymentState.Active, null);
        await harness.IdleAsync();

        // About half of what runs is its own, as long as it has any; one share of ten would be ten.
        Assert.InRange(harness.Stores.AllRuns.Take(100).Count(r => r.Deployment == single), 30, 60);
        Assert.Equal(600, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task A_key_caught_in_a_loop_of_its_own_writes_stands_still()
    {
        await using var harness = Shapes.Harness();
        var plan = new PlanBuilder("loop").Connection("source").Connection("target")
            .OnChanged("source", Shapes.Customer, t => t with { OnlyWhenChanged = true, Reads = ["name", "status"] })
            .Update("mark", "source", Shapes.Customer, "input.id", ("name", "`${input.name}x`"));
        var deployment = harness.Deploy(plan.Build());
        await harness.StartAsync();
        var id = harness.Person("Ada");
        for (var i = 0; i < 10; i++)
        {
            harness.Source.Put("customer", id, ("status", $"{i}"));
            await harness.ChangedAsync(deployment, id);
            await harness.IdleAsync();
        }

        Assert.Equal(6, harness.Count(RunOutcome.Succeeded));
        Assert.Contains(harness.Stores.AllIncidents, i => i.Fingerprint.StartsWith("loop:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_parks_the_runs_whose_rows_have_not_left_when_the_time_to_drain_is_over()
    {
        await using var harness = Shapes.Harness();
        // Well within the time a call may take.
        harness.Options = harness.Options with { Drain = TimeSpan.FromSeconds(5) };
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var left = new TaskCompletionSource();
        var answered = new TaskCompletionSource();
        harness.Target.Before = (_, _) =>
        {
            left.TrySetResult();
            return answered.Task;
        };
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await left.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await harness.ChangedAsync(deployment, harness.Person("Bea"));
        while (harness.Runtime.RunsInMemory < 2) await Task.Yield();

        var stopped = harness.Runtime.StopAsync();
        while (!stopped.IsCompleted)
        {
            // What is taken back when the time to drain is over needs real moments to be parked: the clock goes on slowly.
            harness.Time.Advance(TimeSpan.FromMilliseconds(100));
            for (var began = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMilliseconds(10);) await Task.Yield();
        }

        await stopped;
        Assert.Equal(1, harness.Runtime.RunsInMemory);
        Assert.NotNull(harness.Stores.NextDue);
        answered.SetResult();
        harness.Target.Before = null;
        await harness.RestartAsync();
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, harness.Target.All("Account").Count);
    }
}
