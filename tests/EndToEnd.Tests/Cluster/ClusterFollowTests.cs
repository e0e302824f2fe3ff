using System.Diagnostics;
using System.Net;
using WorkflowEngine.EndToEnd.Tests.Crashes;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Testing;

namespace WorkflowEngine.EndToEnd.Tests.Cluster;

/// <summary>What one server is told through the API the others follow. Told to one of two real processes; seen at the other, by its API and by what runs in the lanes it owns.</summary>
public sealed class ClusterFollowTests(ITestOutputHelper output)
{
    /// <summary>A look each other second, and room for a busy machine.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_one_server_is_told_the_other_follows_within_seconds()
    {
        await using var world = await ClusterWorld.StartAsync(nodes: 1, latency: 0, kept: true);
        var moved = new SalesforceSimulator(new SimulatorOptions { Port = FreePort.Next(), Rate = 0, DailyApiLimit = 10_000_000 });
        var (shop, market, org) = (new Shop(world, "shop"), new Shop(world, "market"), world.Vendors.Salesforce);
        var one = world.Nodes[0];
        await world.AnswersAsync(one);
        await Shop.ConnectAsync(one, "main", world.Vendors.SalesforceAddress);
        await Shop.UploadAsync(one, Shop.Flow("1.0.0"));
        await shop.DeployAsync(one, "main", "100");
        await shop.OpenAsync(one);

        // A server that starts runs what is kept, and hears what is said before its first look.
        var other = world.Join();
        await world.UntilAsync(() => shop.IsAsync(other, "active"), "the other server answers and runs what the first was told");
        await one.TellAsync(HttpMethod.Post, shop.Path + "/pause", new { reason = "stocktaking" });
        await FollowedAsync("a pause while it starts", () => shop.IsAsync(other, "paused", "Paused by local: stocktaking."));
        await other.TellAsync(HttpMethod.Post, shop.Path + "/resume");
        await FollowedAsync("a resume, the other way", () => shop.IsAsync(one, "active"));
        // Told here and taken back there between two looks: it ends as it was before, and still something was told.
        await one.TellAsync(HttpMethod.Post, shop.Path + "/pause", new { });
        await other.TellAsync(HttpMethod.Post, shop.Path + "/resume");
        await FollowedAsync("a resume right behind the pause", async () => await shop.IsAsync(one, "active") && await shop.IsAsync(other, "active"));
        await world.SpreadAsync(2);

        await Shop.ConnectAsync(one, "second", world.Vendors.SalesforceAddress);
        await market.DeployAsync(one, "second", "900");
        await market.OpenAsync(one);
        // Not known here yet, and not told 404 either: a sender would not come again.
        Assert.Contains(await market.AnswerAsync(other), new[] { HttpStatusCode.ServiceUnavailable, HttpStatusCode.UnprocessableEntity });
        await FollowedAsync("a new deployment, with its connection and token", () => market.TakesAsync(other));
        await RunsAsync(market, org, "1.0.0", "900");
        await RunsAsync(shop, org, "1.0.0", "100");

        await Shop.UploadAsync(one, Shop.Flow("2.0.0"));
        await shop.DeployAsync(one, "main", "100");
        await FollowedAsync("a new version", async () => await shop.VersionAsync(other) == "2.0.0");
        await RunsAsync(shop, org, "2.0.0", "100");

        await shop.DeployAsync(one, "main", "200");
        await FollowedAsync("another parameter", () => WritesAsync(other, org, "2.0.0", "200"));
        await RunsAsync(shop, org, "2.0.0", "200");

        await one.TellAsync(HttpMethod.Post, shop.Path + "/rollback", new { to = 1 });
        await FollowedAsync("back to the first version", async () => await shop.VersionAsync(other) == "1.0.0");
        await RunsAsync(shop, org, "1.0.0", "100");

        // While it is paused, what another deployment is given in the same lanes passes by.
        await one.TellAsync(HttpMethod.Post, shop.Path + "/pause", new { });
        await FollowedAsync("a pause", () => shop.IsAsync(other, "paused", "Paused by local."));
        var held = await shop.OrderAsync(one, await world.LanesOfAsync(other), 2);
        await RunsAsync(market, org, "1.0.0", "900");
        Assert.All(held, o => Assert.Null(Shop.Of(org, o)));
        await other.TellAsync(HttpMethod.Post, shop.Path + "/resume");
        await FollowedAsync("a resume", () => shop.IsAsync(one, "active"));
        await ArrivedAsync(org, held, "1.0.0", "100");

        // The same org at another address, which answers when both have looked there.
        await Shop.ConnectAsync(one, "main", new Uri($"http://127.0.0.1:{moved.Options.Port}"));
        await FollowedAsync("another address of a connection", async () => (await other.AskAsync("/api/connections/main"))?.GetProperty("settings").GetProperty("baseAddress").GetString() == $"http://127.0.0.1:{moved.Options.Port}");
        await RunsAsync(shop, org, "1.0.0", "100");
        await using var listens = await SimulatorHost.StartAsync(moved);
        await FollowedAsync("an org that answers at last", async () => await WritesAsync(other, moved, "1.0.0", "100") && await WritesAsync(one, moved, "1.0.0", "100"));
        await RunsAsync(shop, moved, "1.0.0", "100");

        // Taken away and made again between two looks: it begins with version 1 again.
        await one.TellAsync(HttpMethod.Delete, shop.Path);
        await shop.DeployAsync(one, "main", "300");
        await FollowedAsync("one taken away and made again", () => WritesAsync(other, moved, "2.0.0", "300"));
        await RunsAsync(shop, moved, "2.0.0", "300");

        // What waits of one that is taken away ends, in whosever lanes it is; its connection may go at once.
        await one.TellAsync(HttpMethod.Post, market.Path + "/pause", new { });
        await FollowedAsync("a pause before the end", () => market.IsAsync(other, "paused", "Paused by local."));
        var late = (await market.OrderAsync(other, await world.LanesOfAsync(other), 3)).Concat(await market.OrderAsync(other, await world.LanesOfAsync(one), 3)).ToList();
        await one.TellAsync(HttpMethod.Delete, market.Path);
        await one.TellAsync(HttpMethod.Delete, "/api/connections/second");
        await FollowedAsync("one taken away", async () => await market.AtAsync(other) is null && await market.AnswerAsync(other) == HttpStatusCode.NotFound && await other.AskAsync("/api/connections/second") is null);
        await world.UntilAsync(world.IsSettledAsync, "nothing is left of it");
        Assert.All(late, o => Assert.Null(Shop.Of(org, o)));
        Assert.Equal(late.Count, await world.CountAsync("SELECT count(*) FROM run WHERE text = 'the deployment was taken away'"));

        Assert.Equal(shop.Sent.Count + market.Sent.Count, await world.CountAsync("SELECT count(*) FROM run"));
        Assert.Equal(0, await world.CountAsync("SELECT count(*) FROM dead_letter"));
        Assert.False(one.HasExited || other.HasExited);

        async Task FollowedAsync(string what, Func<Task<bool>> holds)
        {
            var since = Stopwatch.StartNew();
            await world.UntilAsync(holds, what, Soon);
            output.WriteLine($"{what}: followed after {since.Elapsed.TotalSeconds:0.0} s");
        }

        // One order after the other in a lane of the server, until one is done in the new way.
        async Task<bool> WritesAsync(FlowProcess server, SalesforceSimulator at, string version, string phone)
        {
            var order = (await shop.OrderAsync(one, await world.LanesOfAsync(server), 1))[0];
            (string?, string?)? wrote = null;
            await world.UntilAsync(() => Task.FromResult((wrote = Shop.Of(org, order) ?? Shop.Of(moved, order)) is not null), "an order arrives");
            return Shop.Of(at, order) == (version, phone);
        }

        // In the lanes of both servers, handed to the one that does not own them.
        async Task RunsAsync(Shop some, SalesforceSimulator at, string version, string phone)
        {
            await ArrivedAsync(at, await some.OrderAsync(one, await world.LanesOfAsync(other), 4), version, phone);
            await ArrivedAsync(at, await some.OrderAsync(other, await world.LanesOfAsync(one), 4), version, phone);
        }

        async Task ArrivedAsync(SalesforceSimulator at, IReadOnlyList<string> orders, string version, string phone)
        {
            await world.UntilAsync(() => Task.FromResult(orders.All(o => Shop.Of(at, o) is not null)), "orders arrive");
            Assert.All(orders, o => Assert.Equal((version, phone), Shop.Of(at, o)));
        }
    }
}
