using System.Diagnostics;
using System.Globalization;
using WorkflowEngine.EndToEnd.Tests.Crashes;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Simulators.Seeds;

namespace WorkflowEngine.EndToEnd.Tests.Volume;

/// <summary>The real server in a process of its own, a tenant with very many customers, and what the server holds meanwhile. The vendors are not in the measured process.</summary>
[Collection(AloneCollection.Name)]
public sealed class FeedVolumeTests(ITestOutputHelper output)
{
    private const int Seed = 7;

    /// <summary>Rest is not seen for so long: 1,000 customers a minute is far less than any machine does.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5 + VolumeSize.Or(1_500) / 1_000);

    /// <summary>The backlog is counted row by row: a large one is asked for seldom, so that asking is not what is measured.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(VolumeSize.Or(1_500) > 10_000 ? 5_000 : 200);

    [Fact]
    public async Task Customers_by_feed_take_no_more_memory_however_many_they_are()
    {
        var size = VolumeSize.Or(1_500);
        await using var vendors = await Vendors.StartAsync(TimeProvider.System);
        Fields.Prepare(vendors);
        using var folder = WorkspaceFolder.OfCustomers(vendors);
        await using var process = FlowProcess.Start(folder, crashAt: null);
        await RestAsync(process, vendors);

        await using var memory = new MemoryWatch(() => process.WorkingSet);
        var watch = Stopwatch.StartNew();
        CompanySeed.Fill(vendors.ServiceTitan, size, Seed, books: false);
        var entered = watch.Elapsed;
        await RestAsync(process, vendors);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size:N0} customers by feed: {memory}; {watch.Elapsed.TotalSeconds:N0} s ({entered.TotalSeconds:N0} s of them to enter the customers), {vendors.Created("Account"):N0} accounts, {vendors.Created("Contact"):N0} contacts"));

        Assert.Equal(0, await process.DeadLettersAsync());
        var owed = await vendors.OwedAsync();
        var there = vendors.Salesforce.Records("Account", "ServiceTitan_Customer_Id__c").Select(r => r["ServiceTitan_Customer_Id__c"]!).ToList();
        Assert.Equal(there.Count, there.Distinct().Count());
        Assert.Empty(owed.Except(there));
        Assert.True(memory.Above < VolumeSize.MostBytes, $"The server took {VolumeSize.Megabytes(memory.Above)} above idle.");
    }

    private static async Task RestAsync(FlowProcess process, Vendors vendors)
    {
        var since = vendors.ServiceTitan.Clock.GetUtcNow();
        var waited = Stopwatch.StartNew();
        while (true)
        {
            await Task.Delay(Look);
            Assert.False(process.HasExited, process.Output);
            if (waited.Elapsed > Patience) Assert.Fail($"It does not come to rest, backlog {await process.BacklogAsync()}:\n{process.Output}");
            if (vendors.FeedsReadSince(since) && await process.BacklogAsync() == 0 && await process.BacklogAsync() == 0) return;
        }
    }
}
