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
    public async Task A_value_that_somebody_else_wrote_meanwhile_is_matched_again_and_that_record_is_changed()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Leads());
        harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var customers = harness.Runtime.Registry.All.First(d => d.Ref != deployment).Ref;
        var person = harness.Person("Ada", "ada@example.com");
        var once = 0;
        harness.Target.Before = (what, entity) =>
        {
            // At the very moment of the create a person makes the same record.
            if (what == "create" && entity == "Contact" && Interlocked.Increment(ref once) == 1) harness.Target.Put("Contact", null, ("PersonKey", person + "/primary"), ("LastName", "By hand"));
            return Task.CompletedTask;
        };
        await harness.ChangedAsync(customers, person);
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal("Ada", Assert.Single(harness.Target.All("Contact"))["LastName"]);
        Assert.Empty(harness.Stores.AllLetters);
        Assert.Equal(1, once);
    }

    [Fact]
    public async Task The_size_of_calls_is_remembered_after_a_failure_and_grows_back()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Faults = (what, _) => what != "read" && harness.Target.Calls[^1].Rows > 60 ? FakeFault.Locked : FakeFault.None;
        await ArriveAsync("first");
        Assert.Equal(300, harness.Target.All("Account").Count);
        var seen = harness.Target.Calls.Count;
        harness.Target.Faults = null;
        await ArriveAsync("second");
        var sizes = harness.Target.Calls.Skip(seen).Where(c => c.What != "read" && c.Entity == "Account").Select(c => c.Rows).ToList();
        Assert.True(sizes[0] <= 100, $"It begins small: {string.Join(", ", sizes)}");
        await ArriveAsync("third");
        await ArriveAsync("fourth");
        Assert.Contains(harness.Target.Calls.Skip(seen), c => c is { Entity: "Account", Rows: > 100 } && c.What != "read");
        Assert.Empty(harness.Stores.AllLetters);

        async Task ArriveAsync(string name)
        {
            var people = Enumerable.Range(0, 300).Select(i => harness.Person($"{name} {i}")).ToList();
            foreach (var id in people) await harness.ChangedAsync(deployment, id);
            await harness.DrainAsync(TimeSpan.FromHours(1));
        }
    }
}
