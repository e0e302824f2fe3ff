using System.Diagnostics;
using WorkflowEngine.EndToEnd.Tests.World;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Cluster;

/// <summary>Several processes, one database: nodes are killed, frozen and joined, and the database drops them, while customers arrive. What arrives stands once in Salesforce at the end.</summary>
public sealed class ClusterTests(ITestOutputHelper output)
{
    private const int Customers = 60;
    private const int Latency = 60;

    [Fact]
    public async Task Nodes_that_are_killed_frozen_and_joined_lose_nothing_and_double_nothing()
    {
        await using var world = await ClusterWorld.StartAsync(nodes: 2, Latency);
        await world.SpreadAsync(2);

        var arrived = 0;
        await ArriveAsync("before");

        // Killed in the middle of its work.
        world.Nodes[0].Signal("KILL");
        var since = Stopwatch.StartNew();
        await ArriveAsync("after a node was killed", wait: false);
        await world.SpreadAsync(1);
        output.WriteLine($"killed: its lanes were taken over after {since.Elapsed.TotalSeconds:0.0} s");
        await DoneAsync();

        // One more: lanes are spread again, and nobody who works loses what it does.
        world.Join();
        await world.SpreadAsync(2);
        await ArriveAsync("after one joined", wait: false);
        await world.UntilAsync(async () => await world.CountAsync("SELECT count(*) FROM event WHERE claimed_by IS NOT NULL") > 0, "work is under way");

        // Frozen in the middle of its work, thawed when others have gone on with it.
        world.Nodes[1].Signal("STOP");
        since.Restart();
        await world.SpreadAsync(1);
        output.WriteLine($"frozen: its lanes were taken over after {since.Elapsed.TotalSeconds:0.0} s");
        world.Nodes[1].Signal("CONT");
        await ArriveAsync("after a node was frozen");

        // The database drops everybody.
        await ArriveAsync("before the database restarts", wait: false);
        await world.CutConnectionsAsync();
        await DoneAsync();

        var accounts = OrgView.Accounts(world.Vendors.Salesforce).Select(a => a[CustomerKey]).Order(StringComparer.Ordinal);
        Assert.Equal(People.Of(arrived).Select(p => $"{p.Id}").Order(StringComparer.Ordinal), accounts);
        Assert.Equal(arrived, OrgView.Contacts(world.Vendors.Salesforce).Count);
        Assert.Equal(0, await world.CountAsync("SELECT count(*) FROM dead_letter WHERE state = 0"));
        Assert.Equal(arrived, await world.CountAsync("SELECT count(DISTINCT record_id) FROM run WHERE outcome = 0"));

        async Task ArriveAsync(string what, bool wait = true)
        {
            foreach (var customer in People.Of(Customers, People.FirstId + arrived)) world.Vendors.ServiceTitan.AddCustomer(customer);
            arrived += Customers;
            if (wait) await DoneAsync();
            else await world.UntilAsync(() => Task.FromResult(world.Vendors.Created("Account") > arrived - Customers), what + ": they begin to arrive");
        }

        Task DoneAsync() => world.UntilAsync(async () => OrgView.Accounts(world.Vendors.Salesforce).Count >= arrived && await world.IsSettledAsync(), $"{arrived} customers have arrived");
    }
}
