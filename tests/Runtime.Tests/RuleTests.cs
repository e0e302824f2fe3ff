using WorkflowEngine.Abstractions;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Sentences of the kernel's rules that no other test says.</summary>
public sealed class RuleTests
{
    [Fact]
    public void A_key_falls_into_the_same_lane_in_every_process()
    {
        var deployment = new Guid(1, 0, 0, new byte[8]);
        Assert.Equal(37, Lane.Of("default", deployment, "key-1"));
        Assert.Equal(64, Enumerable.Range(0, 5_000).Select(i => Lane.Of("default", deployment, $"{i}")).Distinct().Count());
    }

    [Fact]
    public async Task No_more_runs_are_claimed_than_a_connection_may_have()
    {
        await using var harness = Shapes.Harness();
        harness.Options = harness.Options with { WindowPerConnection = 7 };
        var deployment = harness.Deploy(Shapes.Customers());
        var (gate, most) = (new TaskCompletionSource(), 0);
        harness.Target.Before = (_, _) =>
        {
            most = Math.Max(most, harness.Runtime.RunsInMemory);
            return gate.Task;
        };
        await harness.StartAsync();
        for (var i = 0; i < 40; i++) await harness.ChangedAsync(deployment, harness.Person($"P{i}"));
        gate.SetResult();
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.InRange(most, 1, 7);
        Assert.Equal(40, harness.Target.All("Account").Count);
    }

    [Fact]
    public async Task A_used_up_day_pauses_the_connection_until_its_time_and_blames_nobody()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Fail(FakeFault.UsedUp);
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.IdleAsync();
        Assert.NotEmpty(harness.Runtime.Pauses);
        var calls = harness.Target.Calls.Count;
        await harness.AdvanceAsync(TimeSpan.FromMinutes(39));
        Assert.Equal(calls, harness.Target.Calls.Count);
        await harness.DrainAsync(TimeSpan.FromHours(2));
        Assert.Single(harness.Target.All("Account"));
        Assert.Empty(harness.Stores.AllLetters);
        Assert.Empty(harness.Runtime.Pauses);
    }

    [Fact]
    public async Task The_runs_of_all_deployments_over_a_connection_share_what_it_may_have()
    {
        await using var harness = Shapes.Harness();
        harness.Options = harness.Options with { WindowPerConnection = 7 };
        DeploymentRef[] deployments = [harness.Deploy(Shapes.Customers()), harness.Deploy(Shapes.Leads())];
        var (gate, most, full) = (new TaskCompletionSource(), 0, new TaskCompletionSource());
        harness.Source.Before = harness.Target.Before = (_, _) =>
        {
            var now = harness.Runtime.RunsInMemory;
            for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, now, seen);
            if (now >= 7) full.TrySetResult();
            return gate.Task;
        };
        await harness.StartAsync();
        foreach (var deployment in deployments) harness.Runtime.Registry.SetState(deployment, DeploymentState.Paused, "until all are there");
        for (var i = 0; i < 40; i++)
        {
            var person = harness.Person($"P{i}", $"p{i}@example.com");
            foreach (var deployment in deployments) await harness.ChangedAsync(deployment, person);
        }

        foreach (var deployment in deployments) harness.Runtime.Registry.SetState(deployment, DeploymentState.Active, null);
        await full.Task.WaitAsync(TimeSpan.FromSeconds(20));
        gate.SetResult();
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal(7, most);
        Assert.Equal((40, 40), (harness.Target.All("Account").Count, harness.Target.All("Lead").Count));
    }

    [Fact]
    public async Task A_mistake_of_ours_inside_a_step_is_a_dead_letter_of_kind_bug_and_all_others_go_on()
    {
        await using var harness = Shapes.Harness();
        // No author can write a step over a connection that its flow has not; the engine stumbles over it.
        var deployment = harness.Deploy(Shapes.Flow("stumbles")
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")])
            .If("input.name === \"Bad\"", then => then.Lookup("there", "nowhere", Shapes.Account, "CustomerId", "input.id")).Build());
        await harness.StartAsync();
        string[] people = [.. new[] { "Ada", "Bad", "Cy" }.Select(name => harness.Person(name))];
        foreach (var person in people) await harness.ChangedAsync(deployment, person);
        await harness.IdleAsync();

        var letter = Assert.Single(harness.Stores.AllLetters).Content;
        Assert.Equal((people[1], ErrorKind.Bug, nameof(KeyNotFoundException)), (letter.Key, letter.ErrorKind, letter.Code));
        Assert.Equal((2, 1), (harness.Count(RunOutcome.Succeeded), harness.Count(RunOutcome.Failed)));
        Assert.Equal((0, 0), (harness.Stores.Pending, harness.Runtime.RunsInMemory));

        // The key itself is free, too.
        harness.Source.Put("customer", people[1], ("name", "Good"));
        await harness.ChangedAsync(deployment, people[1]);
        await harness.IdleAsync();
        Assert.Equal(3, harness.Count(RunOutcome.Succeeded));
        Assert.Equal(["Ada", "Cy", "Good"], harness.Target.Field("Account", "Name"));
        Assert.Equal(DeadLetterState.Superseded, Assert.Single(harness.Stores.AllLetters).State);
    }

    [Theory]
    [InlineData(1.9, 1)]
    [InlineData(2.0, 1)]
    [InlineData(2.1, 2)]
    public async Task A_run_waits_up_to_two_seconds_for_its_call_in_memory_and_is_parked_for_longer(double seconds, int attempts)
    {
        await using var harness = Shapes.Harness();
        harness.TargetRate = 1_000;
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var (began, wait) = (harness.Time.GetUtcNow(), TimeSpan.FromSeconds(seconds));
        harness.TargetConnection.Budget!.Value.Gate.Pause(wait);
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.IdleAsync();
        if (attempts > 1)
        {
            Assert.Equal((1, 0), (harness.Stores.Pending, harness.Runtime.RunsInMemory));
            Assert.Equal(began, harness.Time.GetUtcNow());
            await harness.DrainAsync(TimeSpan.FromMinutes(1));
        }

        var run = Assert.Single(harness.Stores.AllRuns);
        Assert.Equal((RunOutcome.Succeeded, attempts), (run.Outcome, run.Attempts));
        Assert.InRange(harness.Time.GetUtcNow() - began, wait, wait + TimeSpan.FromSeconds(1));
        Assert.Single(harness.Target.All("Account"));
    }

    [Fact]
    public async Task Replayed_from_the_start_an_event_that_brought_its_record_reads_it_again()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Refuses = (_, _) => "Closed.";
        var id = harness.Person("As it came");
        await harness.ChangedAsync(deployment, id, hint: false);
        await harness.IdleAsync();
        Assert.DoesNotContain(harness.Source.Calls, c => c.What == "read");
        harness.Target.Refuses = null;
        // Nothing tells of the edit.
        harness.Source.Put("customer", id, ("name", "As it is"));
        Assert.NotNull(await harness.Runtime.Replayer.ReplayAsync(RuntimeHarness.Workspace, Assert.Single(harness.Stores.AllLetters).Id, fromStep: false, CancellationToken.None));
        await harness.IdleAsync();
        Assert.Equal("As it is", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Equal(1, harness.Source.Calls.Count(c => c.What == "read"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_person_did_to_a_target_is_made_right_though_the_source_says_what_we_wrote_last(bool deleted)
    {
        await using var harness = Shapes.Harness();
        DeploymentRef[] deployments = [harness.Deploy(Shapes.Customers()), harness.Deploy(Shapes.Leads())];
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com");
        string[] entities = ["Account", "Contact", "Lead"];
        await ToldAsync("new");
        // Until the vendor surely shows what was created.
        await harness.AdvanceAsync(harness.Settle + harness.Settle);
        foreach (var entity in entities)
        {
            var target = (string)Assert.Single(harness.Target.All(entity))["id"]!;
            if (deleted) harness.Target.Remove(entity, target);
            else harness.Target.Put(entity, target, (entity == "Contact" ? "LastName" : "Name", "by hand"));
        }

        // A change of nothing that the flows write.
        await ToldAsync("seen");
        Assert.Equal(["Ada", "Ada", "Ada"], entities.Select(e => Assert.Single(harness.Target.All(e))[e == "Contact" ? "LastName" : "Name"]));
        Assert.Equal([2, 2, 2], entities.Select(harness.Writes));
        Assert.Empty(harness.Stores.AllLetters);

        async Task ToldAsync(string status)
        {
            harness.Source.Put("customer", id, ("status", status));
            foreach (var deployment in deployments) await harness.ChangedAsync(deployment, id);
            await harness.DrainAsync(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public async Task What_is_read_are_the_fields_the_flow_uses_those_it_sets_among_them_and_no_other()
    {
        await using var harness = Shapes.Harness();
        var flow = harness.Deploy(null, """
            flow: reads
            trigger: { on: source/customer.changed, onlyWhenChanged: false }
            steps:
              - id: there
                lookup: target/Account
                where: { CustomerId: =input.id }
              - upsert: target/Lead
                match: [[Ref]]
                set: { Ref: =input.id, Name: '=there === null ? "nobody" : there.Name' }
            """)[0];
        await harness.StartAsync();
        var id = harness.Person("Ada");
        harness.Target.Put("Account", null, ("CustomerId", id), ("Name", "The account"), ("Phone", "555"));
        harness.Target.Put("Lead", null, ("Ref", id), ("Name", "The account"), ("Email", "ada@example.com"));
        await harness.ChangedAsync(flow, id);
        await harness.IdleAsync();

        Assert.Equal(["Account: Name", "Lead: Name Ref id"], harness.Target.Asked.Select(a => $"{a.Entity}: {string.Join(' ', a.Fields.Order(StringComparer.Ordinal))}"));
        // What is to be set was read, so it is seen to be equal already.
        Assert.Equal(0, harness.Writes("Lead"));
        Assert.Equal(1, harness.Count(RunOutcome.Succeeded));
    }
}
