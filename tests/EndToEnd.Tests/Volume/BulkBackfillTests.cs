using System.Diagnostics;
using System.Globalization;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators.Seeds;

namespace WorkflowEngine.EndToEnd.Tests.Volume;

/// <summary>A company's customers handed in by a backfill: what is worth it goes to Salesforce by jobs of the Bulk API.</summary>
[Collection(AloneCollection.Name)]
public sealed class BulkBackfillTests(ITestOutputHelper output)
{
    private const int Seed = 11;

    [Fact]
    public async Task A_large_backfill_goes_by_bulk_jobs_and_ends_as_the_source_says()
    {
        var size = VolumeSize.Or(2_600);
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        Fields.Prepare(vendors);
        CompanySeed.Fill(vendors.ServiceTitan, size, Seed, books: false);
        // They were there before the deployment: its own polling does not see them.
        clock.Skip(TimeSpan.FromHours(1));
        var folder = WorkspaceFolder.OfCustomers(vendors);
        folder.Write($"deployments/{WorkspaceFolder.Deployment}.yaml", $"deployment: {WorkspaceFolder.Deployment}\ntemplate: customer-to-salesforce\nconnections: {{ servicetitan: tenant, salesforce: org }}\n");
        await using var world = await EngineWorld.StartAsync(clock, vendors, folder, new BatcherOptions());
        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        await world.OpenedAsync();
        await world.Host.StartAsync(default);
        var watch = Stopwatch.StartNew();
        var active = world.Host.Runtime.Registry.All.Single();
        var begun = await world.Host.Runtime.Backfills.BeginAsync(active, new BackfillOrder(), "the test", default);
        Assert.Null(begun.Problem);
        await world.UntilAsync(
            () =>
            {
                // Waits for jobs and for more rows are skipped while nobody works.
                if (world.Host.Runtime.RunsInMemory == 0) world.Clock.Skip(TimeSpan.FromSeconds(1));
                return !world.Host.Runtime.Backfills.FindAsync("default", begun.Backfill!.Id, default).GetAwaiter().GetResult()!.Backfill.IsOpen;
            },
            "the backfill has ended");
        await world.NoLettersAsync();
        var calls = world.Vendors.Salesforce.Statistics;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size:N0} customers by backfill: {calls.Total:N0} calls to Salesforce, {world.Vendors.Created("Account"):N0} accounts, {world.Vendors.Created("Contact"):N0} contacts, {watch.Elapsed.TotalSeconds:N0} s"));
        Assert.Contains(calls.Calls.Keys, c => c.Contains("ingest", StringComparison.Ordinal));
        var accounts = world.Vendors.Salesforce.Records("Account", "ServiceTitan_Customer_Id__c").Select(r => r["ServiceTitan_Customer_Id__c"]!).ToList();
        Assert.Equal(accounts.Count, accounts.Distinct().Count());
        Assert.Empty((await world.Vendors.OwedAsync()).Except(accounts));
    }
}
