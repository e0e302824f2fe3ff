using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WorkflowEngine.EndToEnd.Tests.World;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Cluster;

/// <summary>
/// Several processes, one database: nodes are killed, frozen, cut off and joined, and the database drops them, while customers arrive. What arrives stands once in Salesforce at the end. A normal run
/// does each once; <c>FLOW_CLUSTER_ROUNDS=n</c> goes on with n rounds by chance, <c>FLOW_CLUSTER_SEED=n</c> names them.
/// </summary>
public sealed class ClusterTests(ITestOutputHelper output)
{
    private const int Customers = 40;
    private const int Latency = 60;

    /// <summary>What a process says when it wants to be started again.</summary>
    private const int StartAgain = 75;

    /// <summary>What it says when what it was given cannot be used.</summary>
    private const int Unusable = 2;

    [Fact]
    public async Task Nodes_that_are_killed_frozen_cut_off_and_joined_lose_nothing_and_double_nothing()
    {
        await using var world = await ClusterWorld.StartAsync(nodes: 2, Latency);
        await world.SpreadAsync(2);
        var arrived = 0;
        await ArriveAsync();
        await DoneAsync();

        // Killed in the middle of its work.
        await ArriveAsync();
        world.Nodes[0].Signal("KILL");
        await TakenOverAsync("killed", 1);

        // One more: lanes are spread again, and nobody who works loses what it does.
        await ArriveAsync();
        world.Join();
        await world.SpreadAsync(2);

        // Frozen in the middle of its work, thawed when others have gone on with it.
        await ArriveAsync();
        world.Nodes[1].Signal("STOP");
        await TakenOverAsync("frozen", 1);
        world.Nodes[1].Signal("CONT");
        await EndedAsync(1);

        // Cut off from the other, though both reach the database: one goes on.
        world.Join();
        await world.SpreadAsync(2);
        await ArriveAsync();
        world.Gates[2].Cut();
        world.Gates[3].Cut();
        await TakenOverAsync("cut off", 1);
        await world.UntilAsync(() => Task.FromResult(world.Nodes[2].HasExited || world.Nodes[3].HasExited), "one of two that do not reach each other ends");
        var left = world.Nodes[2].HasExited ? 3 : 2;
        await EndedAsync(5 - left);
        world.Gates[left].Heal();

        // The database drops everybody.
        await ArriveAsync();
        await world.CutConnectionsAsync();
        await DoneAsync();

        await PlayAsync(world, left, ArriveAsync);
        await DoneAsync();
        var accounts = OrgView.Accounts(world.Vendors.Salesforce).Select(a => a[CustomerKey]).Order(StringComparer.Ordinal);
        Assert.Equal(People.Of(arrived).Select(p => $"{p.Id}").Order(StringComparer.Ordinal), accounts);
        Assert.Equal(arrived, OrgView.Contacts(world.Vendors.Salesforce).Count);
        Assert.Equal(0, await world.CountAsync("SELECT count(*) FROM dead_letter WHERE state = 0"));
        Assert.Equal(arrived, await world.CountAsync("SELECT count(DISTINCT record_id) FROM run WHERE outcome = 0"));
        output.WriteLine($"{arrived} customers, each once.");

        // Until some of them are under way.
        Task ArriveAsync()
        {
            var before = world.Vendors.Created("Account");
            foreach (var customer in People.Of(Customers, People.FirstId + arrived)) world.Vendors.ServiceTitan.AddCustomer(customer);
            arrived += Customers;
            return world.UntilAsync(() => Task.FromResult(world.Vendors.Created("Account") > before), "some begin to arrive");
        }

        Task DoneAsync() => world.UntilAsync(async () => OrgView.Accounts(world.Vendors.Salesforce).Count >= arrived && await world.IsSettledAsync(), $"{arrived} customers have arrived");

        async Task TakenOverAsync(string how, int nodes)
        {
            var since = Stopwatch.StartNew();
            await world.SpreadAsync(nodes);
            output.WriteLine($"{how}: its lanes were taken over after {since.Elapsed.TotalSeconds:0.0} s");
            await DoneAsync();
        }

        // It was taken for dead: it ends in good order and wants to be started again.
        async Task EndedAsync(int node)
        {
            await world.UntilAsync(() => Task.FromResult(world.Nodes[node].HasExited), "who was taken for dead ends");
            await world.Nodes[node].EndedAsync();
            Assert.Equal(StartAgain, world.Nodes[node].ExitCode);
        }
    }

    [Fact]
    public async Task A_server_whose_port_for_the_others_is_taken_says_so_and_ends()
    {
        await using var world = await ClusterWorld.StartAsync(nodes: 0, latency: 0);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await using var node = world.JoinAt(((IPEndPoint)other.LocalEndpoint).Port);
        await node.EndedAsync();
        Assert.Equal(Unusable, node.ExitCode);
        Assert.Contains("Choose another with --node-port", node.Output, StringComparison.Ordinal);
    }

    /// <summary>Rounds by chance, with up to three nodes.</summary>
    private async Task PlayAsync(ClusterWorld world, int first, Func<Task> arrive)
    {
        var rounds = Number("FLOW_CLUSTER_ROUNDS") ?? 0;
        if (rounds == 0) return;
        var seed = Number("FLOW_CLUSTER_SEED") ?? TimeProvider.System.GetUtcNow().DayOfYear;
        var random = new Random(seed);
        var (living, tried) = (new List<int> { first }, new Dictionary<string, int>());
        for (var round = 0; round < rounds; round++)
        {
            while (living.Count < 3)
            {
                world.Join();
                living.Add(world.Nodes.Count - 1);
            }

            await world.SpreadAsync(living.Count);
            await arrive();
            var victim = living[random.Next(living.Count)];
            var how = new[] { "KILL", "STOP", "TERM", "database" }[random.Next(4)];
            tried[how] = tried.GetValueOrDefault(how) + 1;
            if (how == "database")
            {
                await world.CutConnectionsAsync();
                continue;
            }

            world.Nodes[victim].Signal(how);
            living.Remove(victim);
            await world.SpreadAsync(living.Count);
            if (how == "STOP") world.Nodes[victim].Signal("CONT");
        }

        output.WriteLine($"seed {seed}, {rounds} rounds: {string.Join(", ", tried.Select(t => $"{t.Key} {t.Value}"))}");
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
