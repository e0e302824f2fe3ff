using System.Net;
using System.Text.Json;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Api.Tests;

/// <summary>Every endpoint that changes something leaves a row: who, what, under which request.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    /// <summary>What each endpoint that is no reading notes; null = it changes nothing that is kept.</summary>
    private static readonly Dictionary<string, string?> Notes = new(StringComparer.Ordinal)
    {
        ["checkFlows"] = null, ["preview"] = null, ["testFlows"] = null, ["planFlow"] = null, ["comparePlan"] = null, ["testConnection"] = null,
        // Events of the outside: each is an event with a run.
        ["acceptEvent"] = null, ["acceptWebhook"] = null,
        ["putDraft"] = "draft.save", ["deleteDraft"] = "draft.delete", ["putTemplate"] = "template.put", ["replayRun"] = "run.replay", ["replayDeadLetters"] = "dead-letter.replay", ["patchDeadLetter"] = "dead-letter.discard",
        ["decideReview"] = "review.decide", ["putDeployment"] = "deployment.put", ["deleteDeployment"] = "deployment.delete", ["pauseDeployment"] = "deployment.pause", ["resumeDeployment"] = "deployment.resume",
        ["rollBackDeployment"] = "deployment.put", ["prepareDeployment"] = "deployment.prepare", ["runDeployment"] = "deployment.run", ["beginBackfill"] = "backfill.begin", ["cancelBackfill"] = "backfill.cancel", ["makeHookToken"] = "hook-token.make",
        ["deleteHookToken"] = "hook-token.delete", ["putConnection"] = "connection.put", ["deleteConnection"] = "connection.delete", ["importWorkspace"] = "workspace.import", ["makeKey"] = "key.make", ["rotateKey"] = "key.rotate",
        ["revokeKey"] = "key.revoke",
    };

    private const string Customers = """
        flow: customers
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        trigger: { on: servicetitan/customer.changed, every: 24h }
        steps:
          - upsert: salesforce/Account
            match: [ [AccountNumber], [Name] ]
            onAmbiguous: review
            set: { AccountNumber: =input.id, Name: =input.name, Phone: '555' }
            options: { duplicates: accept }
        """;

    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync(
        new Dictionary<string, string>
        {
            ["flows/orders/flow.yaml"] = Flows.Orders, ["deployments/orders.yaml"] = Flows.OrdersDeployment, ["flows/customers/flow.yaml"] = Customers,
            ["deployments/customers.yaml"] = "deployment: customers\ntemplate: customers\nconnections: { servicetitan: tenant, salesforce: org }\nsharedFields: [Account.AccountNumber, Account.Name, Account.Phone]\n",
        },
        prepare: w =>
        {
            for (var i = 1; i <= 60; i++) w.ServiceTitan.AddCustomer(new CustomerSeed { Id = i, Name = i == 1 ? "Twin" : $"Customer {i}", Active = true });
            foreach (var _ in Enumerable.Range(0, 2)) w.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Twin" });
        });

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public void Every_endpoint_that_is_no_reading_says_what_it_notes() =>
        Assert.Equal(EndpointTable.All.Where(e => e.Method != "GET").Select(e => e.Name).Order(StringComparer.Ordinal), Notes.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public async Task Every_change_is_a_row_with_who_did_it_and_the_request_it_was_done_by()
    {
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        async Task<JsonElement> DoAsync(string endpoint, HttpMethod method, string path, object? body = null, params (string, string)[] headers)
        {
            var id = $"audit-{endpoint}-{seen.Count}";
            var answer = await ApiWorld.GoodAsync(await _world.SendAsync(method, path, body, [.. headers, ("X-Request-Id", id)]));
            seen[id] = endpoint;
            return answer;
        }

        var flow = Flows.Orders.Replace("flow: orders", "flow: shop", StringComparison.Ordinal);
        object Connection(string secret) => new
        {
            connector = "salesforce", settings = new { baseAddress = _world.SalesforceAddress.GetLeftPart(UriPartial.Authority), allowPrivate = "true" }, secrets = new { clientId = SalesforceSimulator.ClientId, clientSecret = secret },
        };
        await DoAsync("putConnection", HttpMethod.Put, "/api/connections/main", Connection(SalesforceSimulator.ClientSecret));
        await DoAsync("putTemplate", HttpMethod.Put, "/api/templates/shop", new { files = new[] { new { path = "flow.yaml", content = flow } } });
        object Shop(string phone) => new { template = "shop", connections = new { salesforce = "main" }, overlay = new { shop = new { account = new { set = new Dictionary<string, string> { ["Phone"] = phone } } } } };
        await DoAsync("prepareDeployment", HttpMethod.Post, "/api/deployments/shop/prepare", Shop("1"));
        await DoAsync("putDeployment", HttpMethod.Put, "/api/deployments/shop", Shop("1"));
        await DoAsync("putDeployment", HttpMethod.Put, "/api/deployments/shop", Shop("2"));
        await DoAsync("rollBackDeployment", HttpMethod.Post, "/api/deployments/shop/rollback", new { });
        await DoAsync("pauseDeployment", HttpMethod.Post, "/api/deployments/shop/pause", new { reason = "a look" });
        await DoAsync("resumeDeployment", HttpMethod.Post, "/api/deployments/shop/resume", new { });
        var token = await DoAsync("makeHookToken", HttpMethod.Post, "/api/deployments/shop/hook-tokens", new { });
        await DoAsync("deleteHookToken", HttpMethod.Delete, "/api/hook-tokens/" + token.GetProperty("id").GetString());
        await DoAsync("runDeployment", HttpMethod.Post, "/api/deployments/run/shop", new { id = "by hand", name = "Ruiz" });
        var key = await DoAsync("makeKey", HttpMethod.Post, "/api/keys", new { name = "ci", role = "viewer" });
        await DoAsync("rotateKey", HttpMethod.Post, $"/api/keys/{key.GetProperty("id").GetString()}/rotate", new { });
        await DoAsync("revokeKey", HttpMethod.Delete, $"/api/keys/{key.GetProperty("id").GetString()}");
        await DoAsync("putDraft", HttpMethod.Put, "/api/drafts/d1", new { files = new[] { new { path = "flow.yaml", content = "x" } } }, ("If-None-Match", "*"));
        await DoAsync("deleteDraft", HttpMethod.Delete, "/api/drafts/d1", null, ("If-Match", "\"1\""));
        await DoAsync("importWorkspace", HttpMethod.Post, "/api/workspace/import", (await _world.GetAsync("/api/workspace/export")).GetRawText());

        foreach (var id in new[] { "d1", "d2", "d3" }) (await _world.HookAsync($$"""{ "id": "{{id}}", "name": "{{new string('n', 300)}}" }""")).EnsureSuccessStatusCode().Dispose();
        var letters = (await _world.UntilAsync("/api/dead-letters?deployment=orders", r => r.GetArrayLength() == 3)).EnumerateArray().ToDictionary(l => l.GetProperty("key").GetString()!, l => (Id: l.GetProperty("id").GetInt64(), Run: l.GetProperty("run").GetString()));
        await DoAsync("patchDeadLetter", HttpMethod.Patch, $"/api/dead-letters/{letters["d1"].Id}", new { discard = "a test" });
        await DoAsync("replayDeadLetters", HttpMethod.Post, "/api/dead-letters/replay", new { ids = new[] { letters["d2"].Id } });
        await DoAsync("replayRun", HttpMethod.Post, $"/api/runs/{letters["d3"].Run}/replay", new { });

        // The second is cancelled while it waits: nothing of it runs while the deployment is paused.
        await DoAsync("beginBackfill", HttpMethod.Post, "/api/deployments/customers/backfills", new { records = new[] { "1" } });
        var review = (await _world.UntilAsync("/api/reviews", r => r.GetArrayLength() == 1))[0].GetProperty("id").GetString();
        await DoAsync("decideReview", HttpMethod.Post, $"/api/reviews/{review}/decision", new { decision = "skip" });
        await _world.UntilAsync("/api/deployments/customers/backfills", data => data[0].GetProperty("state").GetString() == "done");
        await DoAsync("pauseDeployment", HttpMethod.Post, "/api/deployments/customers/pause", new { reason = "a look" });
        var backfill = await DoAsync("beginBackfill", HttpMethod.Post, "/api/deployments/customers/backfills", new { records = Enumerable.Range(2, 50).Select(i => $"{i}") });
        await DoAsync("cancelBackfill", HttpMethod.Delete, $"/api/deployments/customers/backfills/{backfill.GetProperty("id").GetString()}");
        await DoAsync("deleteDeployment", HttpMethod.Delete, "/api/deployments/shop");
        await DoAsync("deleteConnection", HttpMethod.Delete, "/api/connections/main");

        var rows = (await _world.GetAsync("/api/audit?limit=200")).GetProperty("data").EnumerateArray().ToList();
        foreach (var (request, endpoint) in seen)
        {
            var row = Assert.Single(rows, r => r.GetProperty("requestId").GetString() == request);
            Assert.Equal((Notes[endpoint], "local"), (row.GetProperty("action").GetString(), row.GetProperty("actor").GetString()));
        }

        Assert.Equal(Notes.Where(n => n.Value is not null).Select(n => n.Key).Order(StringComparer.Ordinal), seen.Values.Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(SalesforceSimulator.ClientSecret, (await _world.GetAsync("/api/audit?limit=200")).GetRawText(), StringComparison.Ordinal);
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Delete, "/api/audit"), HttpStatusCode.MethodNotAllowed, "method-not-allowed");
    }
}
