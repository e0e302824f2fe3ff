using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>A connection that stands still, and all that waits for it.</summary>
public sealed class PauseTests
{
    [Theory]
    [InlineData(FakeFault.Unauthorized)]
    [InlineData(FakeFault.UsedUp)]
    public async Task A_connection_that_stands_still_holds_every_deployment_over_it_and_all_go_on_when_it_is_mended(FakeFault fault)
    {
        await using var harness = Shapes.Harness();
        var (first, second) = (harness.Deploy(Shapes.Customers()), harness.Deploy(Shapes.Leads()));
        await harness.StartAsync();
        harness.Target.Faults = (_, _) => fault;
        await harness.ChangedAsync(first, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        var calls = harness.Target.Calls.Count;
        for (var i = 0; i < 5; i++)
        {
            var person = harness.Person($"P{i}", $"p{i}@example.com");
            await harness.ChangedAsync(first, person);
            await harness.ChangedAsync(second, person);
        }

        await harness.IdleAsync();
        Assert.Equal((calls, 11, 0), (harness.Target.Calls.Count, harness.Stores.Pending, harness.Runtime.RunsInMemory));
        Assert.Single(harness.Runtime.Pauses);
        Assert.Null(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);

        harness.Target.Faults = null;
        await harness.DrainAsync(TimeSpan.FromHours(1));
        await harness.StoredAsync();
        Assert.Equal((6, 5, 0), (harness.Target.All("Account").Count, harness.Target.All("Lead").Count, harness.Stores.Pending));
        Assert.Empty(harness.Runtime.Pauses);
        Assert.Empty(harness.Stores.AllLetters);
        Assert.NotNull(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
    }

    [Fact]
    public async Task A_deployment_over_other_connections_is_not_held()
    {
        await using var harness = Shapes.Harness();
        var (held, free) = (harness.Deploy(Sends("sends")), harness.Deploy(Asks("asks")));
        await harness.StartAsync();
        harness.Target.Faults = (_, _) => FakeFault.Unauthorized;
        await harness.PostAsync(held, ("id", "1"));
        await harness.IdleAsync();
        await harness.PostAsync(free, ("id", "2"));
        await harness.IdleAsync();
        Assert.Equal(free, Assert.Single(harness.Stores.AllRuns).Deployment);
        Assert.Equal(1, harness.Stores.Pending);
    }

    [Fact]
    public async Task What_waits_for_a_connection_goes_on_though_the_deployment_that_met_its_trouble_was_taken_away()
    {
        await using var harness = Shapes.Harness();
        var (first, second) = (harness.Deploy(Sends("first")), harness.Deploy(Sends("second")));
        await harness.StartAsync();
        harness.Target.Faults = (_, _) => FakeFault.Unauthorized;
        await harness.PostAsync(first, ("id", "1"));
        await harness.IdleAsync();
        await harness.PostAsync(second, ("id", "2"));
        await harness.IdleAsync();
        harness.Target.Faults = null;
        var retired = harness.Runtime.RetireAsync(first, "the deployment was taken away");
        for (var pushes = 0; !retired.IsCompleted && pushes < 1_000; pushes++) await harness.AdvanceAsync(TimeSpan.FromMilliseconds(20));
        await retired.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, harness.Stores.Pending);

        await harness.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, harness.Stores.Pending);
        Assert.Equal("2", Assert.Single(harness.Target.All("Account"))["CustomerId"]);
        Assert.Empty(harness.Runtime.Pauses);
    }

    [Fact]
    public async Task What_waits_for_one_connection_goes_on_though_another_was_mended_before()
    {
        await using var harness = Shapes.Harness();
        var (asks, sends) = (harness.Deploy(Asks("asks")), harness.Deploy(Sends("sends")));
        await harness.StartAsync();
        harness.Source.Faults = harness.Target.Faults = (_, _) => FakeFault.Unauthorized;
        await harness.PostAsync(asks, ("id", "1"));
        await harness.IdleAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(30));
        foreach (var id in new[] { "2", "3" })
        {
            await harness.PostAsync(sends, ("id", id));
            await harness.IdleAsync();
        }

        Assert.Equal(2, harness.Runtime.Pauses.Count);
        harness.Source.Faults = harness.Target.Faults = null;
        await harness.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal((1, 2), (harness.Runtime.Pauses.Count, harness.Stores.Pending));

        await harness.AdvanceAsync(TimeSpan.FromSeconds(31));
        Assert.Equal((0, 0), (harness.Runtime.Pauses.Count, harness.Stores.Pending));
        Assert.Equal(2, harness.Target.All("Account").Count);
    }

    /// <summary>Uses the target and nothing else.</summary>
    private static CompiledFlow Sends(string id) => new PlanBuilder(id).Connection("target").Webhook()
        .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id")]).Build();

    /// <summary>Uses the source and nothing else.</summary>
    private static CompiledFlow Asks(string id) => new PlanBuilder(id).Connection("source").Webhook().Lookup("there", "source", Shapes.Customer, "email", "input.id").Build();
}
