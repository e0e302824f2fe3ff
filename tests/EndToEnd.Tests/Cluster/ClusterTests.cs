using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using WorkflowEngine.EndToEnd.Tests.Crashes;
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

    /// <summary>128 and the number of SIGKILL.</summary>
    private const int Killed = 137;

    /// <summary>What it says when what it was given cannot be used.</summary>
    private const int Unusable = 2;

    [Fact]
    public async Task Nodes_that_are_killed_frozen_cut_off_and_joined_lose_nothing_and_double_nothing()
    {
        await using var world = await ClusterWorld.StartAsync(nodes: 2, Latency);
        await world.SpreadAsync(2);
        var arrived = 0;
        await UpgradedAsync(world);
        await ArriveAsync();
        await DoneAsync();

        // Killed in the middle of its work.
        await ArriveAsync();
        world.Nodes[2].Signal("KILL");
        await TakenOverAsync("killed", 1);

        // One more: lanes are spread again, and nobody who works loses what it does.
        await ArriveAsync();
        world.Join();
        await world.SpreadAsync(2);

        // Frozen in the middle of its work, thawed when others have gone on with it.
        await ArriveAsync();
        world.Nodes[3].Signal("STOP");
        await TakenOverAsync("frozen", 1);
        world.Nodes[3].Signal("CONT");
        await EndedAsync(3);

        // Cut off from the other, though both reach the database: one goes on.
        world.Join();
        await world.SpreadAsync(2);
        await ArriveAsync();
        world.Gates[4].Cut();
        world.Gates[5].Cut();
        await TakenOverAsync("cut off", 1);
        await world.UntilAsync(() => Task.FromResult(world.Nodes[4].HasExited || world.Nodes[5].HasExited), "one of two that do not reach each other ends");
        var left = world.Nodes[4].HasExited ? 5 : 4;
        await EndedAsync(9 - left);
        world.Gates[left].Heal();

        // The database drops everybody.
        await ArriveAsync();
        await world.CutConnectionsAsync();
        await DoneAsync();

        await PlayAsync(world, left, ArriveAsync);
        await DoneAsync();
        var accounts = Accounts().Order(StringComparer.Ordinal);
        Assert.Equal(People.Of(arrived).Select(p => $"{p.Id}").Order(StringComparer.Ordinal), accounts);
        Assert.Equal(arrived, OrgView.Contacts(world.Vendors.Salesforce).Count);
        Assert.Equal(0, await world.CountAsync("SELECT count(*) FROM dead_letter WHERE state = 0"));
        Assert.Equal(arrived, await world.CountAsync("SELECT count(DISTINCT record_id) FROM run WHERE outcome = 0"));
        output.WriteLine($"{arrived} customers, each once.");

        List<string> Accounts() => [.. OrgView.Accounts(world.Vendors.Salesforce).Select(a => a[CustomerKey]).OfType<string>()];

        // Until some of them are under way.
        Task ArriveAsync()
        {
            var before = world.Vendors.Created("Account");
            foreach (var customer in People.Of(Customers, People.FirstId + arrived)) world.Vendors.ServiceTitan.AddCustomer(customer);
            arrived += Customers;
            return world.UntilAsync(() => Task.FromResult(world.Vendors.Created("Account") > before), "some begin to arrive");
        }

        Task DoneAsync() => world.UntilAsync(async () => Accounts().Count >= arrived && await world.IsSettledAsync(), $"{arrived} customers have arrived");

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

    /// <summary>
    /// A flow gets a new version while runs of the old one wait, then one server after the other is ended and started again. What had written goes on with the version it began with, in processes that
    /// never knew it; what had not begins anew with the new one.
    /// </summary>
    private async Task UpgradedAsync(ClusterWorld world)
    {
        var since = Stopwatch.StartNew();
        var (shop, org) = (new Shop(world, "shop"), world.Vendors.Salesforce);
        var (one, other) = (world.Nodes[0], world.Nodes[1]);
        await Shop.UploadAsync(one, Shop.TwoSteps("1.0.0", asks: true));
        await shop.DeployAsync(one, "org");
        await shop.OpenAsync(one);
        await world.UntilAsync(() => shop.TakesAsync(other), "the other server takes orders too");
        var (begun, early) = (await OrderAsync(other, 3), await OrderAsync(one, 2, early: true));
        await world.UntilAsync(async () => await world.CountAsync("SELECT count(*) FROM review") == begun.Count + early.Count && await world.CountAsync("SELECT count(*) FROM checkpoint") >= begun.Count, "the orders wait for a person");

        output.WriteLine($"orders wait for a person after {since.Elapsed.TotalSeconds:0.0} s");
        await Shop.UploadAsync(other, Shop.TwoSteps("2.0.0", asks: false));
        await shop.DeployAsync(other, "org");
        await world.UntilAsync(async () => await shop.VersionAsync(one) == "2.0.0", "the other version runs at both");
        var after = new List<string>(await OrderAsync(one, 2));
        foreach (var node in new[] { one, other })
        {
            node.Signal("TERM");
            await node.EndedAsync();
            Assert.Equal(0, node.ExitCode);
            await world.AnswersAsync(world.Join());
            await world.SpreadAsync(2);
            output.WriteLine($"a server ended and started again, with lanes: {since.Elapsed.TotalSeconds:0.0} s");
            after.AddRange(await OrderAsync(world.Nodes[^1], 2));
        }

        (one, other) = (world.Nodes[2], world.Nodes[3]);
        var reviews = (await one.AskAsync("/api/reviews?limit=100"))!.Value.GetProperty("data").EnumerateArray().Select(r => r.GetProperty("id").GetString()).ToList();
        Assert.Equal(begun.Count + early.Count, reviews.Count);
        for (var i = 0; i < reviews.Count; i++) await (i % 2 == 0 ? one : other).TellAsync(HttpMethod.Post, $"/api/reviews/{reviews[i]}/decision", new { decision = "approve" });
        await world.UntilAsync(() => Task.FromResult(shop.Sent.All(o => Shop.Of(org, o) is { Phone: not null })), "every order has ended");
        Assert.All(begun, o => Assert.Equal(("1.0.0", "1.0.0"), Shop.Of(org, o)));
        Assert.All(early.Concat(after), o => Assert.Equal(("2.0.0", "2.0.0"), Shop.Of(org, o)));
        output.WriteLine($"another version, and both servers started anew: {since.Elapsed.TotalSeconds:0.0} s");

        // In the lanes of both.
        async Task<IReadOnlyList<string>> OrderAsync(FlowProcess at, int each, bool early = false)
        {
            var orders = new List<string>();
            foreach (var node in world.Nodes.Where(n => !n.HasExited)) orders.AddRange(await shop.OrderAsync(at, await world.LanesOfAsync(node), each, early));
            return orders;
        }
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
            var how = new[] { "KILL", "STOP", "TERM", "cut", "database" }[random.Next(5)];
            tried[how] = tried.GetValueOrDefault(how) + 1;
            var since = Stopwatch.StartNew();
            if (how == "database")
            {
                await world.CutConnectionsAsync();
                continue;
            }

            if (how == "cut") world.Gates[victim].Cut();
            else world.Nodes[victim].Signal(how);
            living.Remove(victim);
            await world.SpreadAsync(living.Count);
            output.WriteLine($"round {round + 1}, {how}: its lanes were taken over after {since.Elapsed.TotalSeconds:0.0} s");
            if (how == "STOP") world.Nodes[victim].Signal("CONT");
            await world.UntilAsync(() => Task.FromResult(world.Nodes[victim].HasExited), "who was ended, or taken for dead, ends");
            await world.Nodes[victim].EndedAsync();
            Assert.Equal(how switch { "KILL" => Killed, "TERM" => 0, _ => StartAgain }, world.Nodes[victim].ExitCode);
        }

        output.WriteLine($"seed {seed}, {rounds} rounds: {string.Join(", ", tried.Select(t => $"{t.Key} {t.Value}"))}");
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
