using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>What was written is looked at again when the vendor surely shows it.</summary>
public sealed class SecondLookTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_second_look_that_finds_nothing_leaves_no_trace()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        var reads = harness.Target.Calls.Count(c => c.What == "read");
        await harness.DrainAsync(Hour);

        Assert.Equal(reads + 1, harness.Target.Calls.Count(c => c.What == "read"));
        Assert.Single(harness.Stores.AllRuns);
        Assert.Empty(harness.Stores.AllIncidents);
        Assert.Equal(0, harness.Stores.Pending + harness.Stores.Planned);
    }

    [Fact]
    public async Task An_earlier_write_that_lands_late_over_a_newer_one_is_put_right()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var ada = harness.Person("Ada");
        await harness.ChangedAsync(deployment, ada);
        await harness.DrainAsync(Hour);
        harness.Person("Ada Lovelace", id: ada);
        var lost = 1;
        harness.Target.Faults = (what, entity) => what != "read" && entity == "Account" && Interlocked.Exchange(ref lost, 0) == 1 ? FakeFault.LostBefore : FakeFault.None;
        await harness.ChangedAsync(deployment, ada);
        await harness.IdleAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(50));
        Assert.Equal("Ada Lovelace", Assert.Single(harness.Target.All("Account"))["Name"]);

        // Now the first call gets through at the vendor: old news that no order of ours could prevent.
        harness.Target.Put("Account", (string)harness.Target.All("Account")[0]["id"]!, ("Name", "Ada (late)"));
        await harness.DrainAsync(Hour);

        Assert.Equal("Ada Lovelace", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Equal(3, harness.Stores.AllRuns.Count);
    }

    [Theory]
    [InlineData(FakeFault.LostBefore)]
    [InlineData(FakeFault.Broken)]
    public async Task So_is_one_of_a_call_of_several_rows_that_went_again_in_smaller_calls(FakeFault fault)
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        string[] both = [harness.Person("Ada"), harness.Person("Grace")];
        foreach (var id in both) await harness.ChangedAsync(deployment, id);
        await harness.DrainAsync(Hour);
        foreach (var (id, name) in both.Zip(["Ada Lovelace", "Grace Hopper"])) harness.Person(name, id: id);
        FailNextWrite(harness, fault, rows: 2);
        await harness.Runtime.PauseAsync(deployment, "so that both go in one call");
        foreach (var id in both) await harness.ChangedAsync(deployment, id);
        await harness.Runtime.ResumeAsync(deployment);
        await RenamedAndOverwrittenAsync(harness, deployment, both[0]);
        Assert.Equal(["Ada King", "Grace Hopper"], harness.Target.All("Account").Select(a => a["Name"]).Order());
    }

    [Fact]
    public async Task So_is_one_of_a_server_that_failed_inside_though_the_next_attempt_matched_anew()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var ada = harness.Person("Ada");
        await harness.ChangedAsync(deployment, ada);
        await harness.DrainAsync(Hour);
        harness.Person("Ada Lovelace", id: ada);
        FailNextWrite(harness, FakeFault.Broken, rows: 1);
        await harness.ChangedAsync(deployment, ada);
        await RenamedAndOverwrittenAsync(harness, deployment, ada);
        Assert.Equal("Ada King", Assert.Single(harness.Target.All("Account"))["Name"]);
    }

    /// <summary>What was lost is repeated, a newer name written, and only then the vendor carries the lost write out.</summary>
    private static async Task RenamedAndOverwrittenAsync(RuntimeHarness harness, DeploymentRef deployment, string id)
    {
        await harness.IdleAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(50));
        var account = harness.Target.All("Account").Single(a => (string?)a["Name"] == "Ada Lovelace");
        harness.Person("Ada King", id: id);
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        Assert.Contains(harness.Target.All("Account"), a => (string?)a["Name"] == "Ada King");
        harness.Target.Put("Account", (string)account["id"]!, ("Name", "Ada Lovelace"));
        await harness.DrainAsync(Hour);
    }

    private static void FailNextWrite(RuntimeHarness harness, FakeFault fault, int rows)
    {
        var left = 1;
        harness.Target.Faults = (what, entity) =>
        {
            if (what == "read" || entity != "Account" || Interlocked.Exchange(ref left, 0) == 0) return FakeFault.None;
            Assert.Equal(rows, harness.Target.Calls[^1].Rows);
            return fault;
        };
    }

    [Fact]
    public async Task What_was_in_flight_when_the_process_died_is_read_again_and_an_old_write_that_lands_late_is_put_right()
    {
        await using var harness = Shapes.Harness();
        // Nothing of this flow is checkpointed: after a death its run begins anew and nobody knows whether its write had left.
        var flow = Shapes.Flow("direct").Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")], u => u with { SkipUnchanged = false }).Restartable().Build();
        var deployment = harness.Deploy(flow);
        await RenamedOverADeathAsync(harness, deployment);
        Assert.Equal("Ada Lovelace", Assert.Single(harness.Target.All("Account"))["Name"]);

        // Now what the dead process had sent is carried out.
        harness.Target.Put("Account", (string)harness.Target.All("Account")[0]["id"]!, ("Name", "Ada (late)"));
        await harness.DrainAsync(Hour);
        Assert.Equal("Ada Lovelace", Assert.Single(harness.Target.All("Account"))["Name"]);
    }

    [Fact]
    public async Task An_old_write_that_lands_late_over_a_newer_one_of_another_run_is_put_right_though_it_looks_like_what_the_older_run_left()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        var ada = await RenamedOverADeathAsync(harness, deployment);

        // She is renamed again, and only then is carried out what the dead process had sent: the same as the run after it wrote.
        harness.Person("Ada King", id: ada);
        await harness.ChangedAsync(deployment, ada);
        await harness.IdleAsync();
        Assert.Equal("Ada King", Assert.Single(harness.Target.All("Account"))["Name"]);
        harness.Target.Put("Account", (string)harness.Target.All("Account")[0]["id"]!, ("Name", "Ada Lovelace"));
        await harness.DrainAsync(Hour);
        Assert.Equal("Ada King", Assert.Single(harness.Target.All("Account"))["Name"]);
    }

    /// <summary>Ada becomes Ada Lovelace; the process dies when that leaves, and the next one writes it. The id of her.</summary>
    private static async Task<string> RenamedOverADeathAsync(RuntimeHarness harness, DeploymentRef deployment)
    {
        await harness.StartAsync();
        var ada = harness.Person("Ada");
        await harness.ChangedAsync(deployment, ada);
        await harness.DrainAsync(Hour);
        harness.Person("Ada Lovelace", id: ada);
        var killed = 0;
        harness.Target.Before = (what, _) =>
        {
            if (what is "update" or "upsert" && Interlocked.Exchange(ref killed, 1) == 0) harness.Kill();
            return Task.CompletedTask;
        };
        await harness.ChangedAsync(deployment, ada);
        for (var start = TimeProvider.System.GetTimestamp(); !harness.IsDead; await Task.Yield()) Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20), "Nothing was written.");
        await harness.RestartAsync();
        await harness.IdleAsync();
        return ada;
    }
}
