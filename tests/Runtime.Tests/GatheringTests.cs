using WorkflowEngine.Testing;

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

        window.Enter(active, "in memory", 1, 0, backfill: false);
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
        window.Enter(active, "in memory", 1, 0, backfill: false);

        window.MarkAppended(deployment, 19);
        Assert.True(window.Gathers);
        window.MarkAppended(deployment, 1);
        Assert.False(window.Gathers);

        Assert.Equal([deployment], window.Take());
        Assert.True(window.Gathers);
        window.Mark(deployment);
        Assert.False(window.Gathers);
    }

    [Fact]
    public async Task What_gathers_begins_when_the_intake_is_quiet_though_it_brought_nothing_and_a_run_stays_in_memory()
    {
        await using var harness = Shapes.Harness();
        var disk = new SlowDisk();
        harness.Disk = disk.Around;
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        harness.Target.Before = (_, _) =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        await harness.ChangedAsync(deployment, harness.Person("Slow"));
        await asked.Task;
        Task? page = null;
        // Behind the second event a page without news is on its way to the disk.
        disk.EventsKept = () => page ??= harness.WithoutNewsAsync();
        await harness.ChangedAsync(deployment, harness.Person("Second"));
        for (var i = 0; i < 100; i++) await Task.Yield();
        disk.Release();
        await page!;
        for (var start = TimeProvider.System.GetTimestamp(); harness.Runtime.RunsInMemory < 2; await Task.Yield())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20), "The second event waits for the first one's answer.");
        }

        answer.SetResult();
        await harness.IdleAsync();
        Assert.Equal(2, harness.Target.All("Account").Count);
    }
}
