using WorkflowEngine.EndToEnd.Tests.Crashes;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Simulators.Faults;

namespace WorkflowEngine.EndToEnd.Tests.Load;

/// <summary>The real process over a disk that fills while it works, and gets room again.</summary>
public sealed class RealFullDiskTests
{
    // The server keeps 256 MB free: with less it would accept nothing at all.
    private const int Megabytes = 300;
    private const int First = 30;
    private const int MostMore = 400;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_disk_that_fills_loses_nothing_accepted_refuses_the_rest_with_a_time_and_when_there_is_room_all_goes_on_by_itself(bool mounted)
    {
        using var folder = new WorkspaceFolder();
        var disk = mounted ? SmallDisk.Mounted(Path.GetDirectoryName(folder.Database)!, Megabytes) : SmallDisk.Bounded();
        var clock = new AheadClock(folder);
        await using var vendors = await Vendors.StartAsync(TimeProvider.System);
        Orders.Write(folder, vendors);
        var orders = new Orders(vendors, clock);
        await using var process = FlowProcess.StartBehind(folder, clock.File, disk.Before);
        var full = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.Said += line =>
        {
            if (line.Contains(disk.Words, StringComparison.Ordinal)) full.TrySetResult();
        };
        await orders.ServingAsync(process);

        // What is accepted first is at the vendor when the disk is full: its outcomes cannot be stored.
        var slow = vendors.Salesforce.Faults.Add(new FaultRule { Kind = FaultKind.Slow, DelayMs = 1_500 });
        var taken = await Task.WhenAll(Enumerable.Range(0, First).Select(i => orders.OfferAsync(process, Orders.Id(i))));
        Assert.DoesNotContain(false, taken);
        await disk.FillAsync(process);
        var next = First;
        while (await orders.OfferAsync(process, Orders.Id(next++))) Assert.True(next < MostMore, "A full disk takes everything.");
        // A sender that comes again too soon is told so again.
        for (var i = 0; i < 5; i++) Assert.False(await orders.OfferAsync(process, Orders.Id(next++)));
        await orders.UntilAsync(process, () => Task.FromResult(full.Task.IsCompleted), "the disk is full for the database", skip: false);
        vendors.Salesforce.Faults.Remove(slow);
        Assert.NotNull(await process.AskAsync("/health/live"));

        await disk.MakeRoomAsync(process);
        await orders.UntilAsync(process, () => orders.OfferAsync(process, Orders.Id(next)), "calls are accepted again");
        await orders.EachOnceAsync(process);
    }
}
