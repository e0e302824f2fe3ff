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
}
