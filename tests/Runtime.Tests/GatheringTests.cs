namespace WorkflowEngine.Runtime.Tests;

/// <summary>When ready events may wait for more of their kind, so that a claim and the calls it leads to are full.</summary>
public sealed class GatheringTests
{
    [Fact]
    public async Task Few_appended_events_gather_while_runs_are_in_memory_and_not_longer()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var active = harness.Runtime.Registry.Find(deployment)!;
        var window = new LaneWindow(new RuntimeOptions { Window = 100 });

        window.MarkAppended(deployment, 5);
        Assert.False(window.Gathers);

        window.Enter(active, "in memory", 1, backfill: false);
        Assert.True(window.Gathers);

        window.Leave(active, "in memory");
        Assert.False(window.Gathers);
    }

    [Fact]
    public async Task A_full_call_or_what_is_known_to_be_ready_does_not_wait()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var active = harness.Runtime.Registry.Find(deployment)!;
        var window = new LaneWindow(new RuntimeOptions { Window = 100 });
        window.Enter(active, "in memory", 1, backfill: false);

        window.MarkAppended(deployment, 19);
        Assert.True(window.Gathers);
        window.MarkAppended(deployment, 1);
        Assert.False(window.Gathers);

        Assert.Equal([deployment], window.Take());
        Assert.True(window.Gathers);
        window.Mark(deployment);
        Assert.False(window.Gathers);
    }
}
