using System.Net;
using System.Text.Json;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Api.Tests;

/// <summary>A workspace exported from one server and taken by another.</summary>
public sealed class PromotionTests
{
    [Fact]
    public async Task An_export_holds_no_secret_and_is_taken_by_an_empty_server_once_its_connections_are_there()
    {
        const string Canary = "canary-91ab4f";
        await using var one = await ApiWorld.StartAsync();
        await ConnectAsync(one, Canary);
        await ApiWorld.GoodAsync(await one.SendAsync(HttpMethod.Put, "/api/templates/shop", new { files = new[] { new { path = "flow.yaml", content = Flows.Orders.Replace("flow: orders", "flow: shop", StringComparison.Ordinal) } } }));
        await ConnectAsync(one, SalesforceSimulator.ClientSecret);
        await ApiWorld.GoodAsync(await one.SendAsync(HttpMethod.Put, "/api/deployments/shop", new { template = "shop", connections = new { salesforce = "main" } }));
        var document = await one.GetAsync("/api/workspace/export");
        Assert.DoesNotContain(Canary, document.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(SalesforceSimulator.ClientSecret, document.GetRawText(), StringComparison.Ordinal);

        await using var two = await ApiWorld.StartAsync();
        using (var refused = await two.SendAsync(HttpMethod.Post, "/api/workspace/import", document.GetRawText()))
        {
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            var missing = JsonSerializer.Deserialize<JsonElement>(await refused.Content.ReadAsStringAsync()).GetProperty("missing").EnumerateArray().Single();
            Assert.Equal(("main", "salesforce"), (missing.GetProperty("name").GetString(), missing.GetProperty("connector").GetString()));
        }

        await ApiWorld.ProblemAsync(await two.SendAsync(HttpMethod.Get, "/api/templates/shop"), HttpStatusCode.NotFound, "not-found");
        await ConnectAsync(two, SalesforceSimulator.ClientSecret);
        var taken = await ApiWorld.GoodAsync(await two.SendAsync(HttpMethod.Post, "/api/workspace/import", document.GetRawText()));
        Assert.Empty(taken.GetProperty("problems").EnumerateArray());
        Assert.Equal("created", taken.GetProperty("deployments").GetProperty("shop").GetString());
        Assert.Equal("active", (await two.GetAsync("/api/deployments/shop")).GetProperty("flows")[0].GetProperty("state").GetString());
        var again = await ApiWorld.GoodAsync(await two.SendAsync(HttpMethod.Post, "/api/workspace/import", document.GetRawText()));
        Assert.Equal("unchanged", again.GetProperty("deployments").GetProperty("shop").GetString());
        Assert.Equal(document.GetProperty("deployments").GetRawText(), (await two.GetAsync("/api/workspace/export")).GetProperty("deployments").GetRawText());
    }

    private static async Task ConnectAsync(ApiWorld world, string secret) => await ApiWorld.GoodAsync(await world.SendAsync(HttpMethod.Put, "/api/connections/main", new
    {
        connector = "salesforce", settings = new { baseAddress = world.SalesforceAddress.GetLeftPart(UriPartial.Authority), allowPrivate = "true" },
        secrets = new { clientId = SalesforceSimulator.ClientId, clientSecret = secret },
    }));
}
