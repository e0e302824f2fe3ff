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
}
