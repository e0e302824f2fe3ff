using System.Net;
using System.Text.Json;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Api.Tests;

/// <summary>Connections and deployments that the API keeps: made, judged, changed, paused, gone back, found again after a restart.</summary>
public sealed class DeploymentTests : IAsyncLifetime
{
    private const string Canary = "canary-5c1e77";

    private static readonly Dictionary<string, string> Nothing = new()
    {
        ["flows/other/flow.yaml"] = Flows.Orders.Replace("flow: orders", "flow: other", StringComparison.Ordinal),
        ["deployments/other.yaml"] = "deployment: other\ntemplate: other\nconnections: { salesforce: org }\nhookToken: { env: HOOK_TOKEN }\n",
    };

    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync(Nothing);

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task From_nothing_to_a_run_and_back_to_the_version_before()
    {
        await MakeConnectionAsync("main");
        await UploadAsync(Flows.Orders);
        var dry = await PutAsync("shop", Request(), "?dryRun=true");
        Assert.Equal(("created", true), (dry.GetProperty("result").GetString(), dry.GetProperty("dryRun").GetBoolean()));
        Assert.Empty(dry.GetProperty("problems").EnumerateArray());
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Get, "/api/deployments/shop"), HttpStatusCode.NotFound, "not-found");

        using (var made = await _world.SendAsync(HttpMethod.Put, "/api/deployments/shop", Request())) Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var again = await PutAsync("shop", Request());
        Assert.Equal(("unchanged", 1), (again.GetProperty("result").GetString(), again.GetProperty("number").GetInt32()));
        Assert.Equal("active", again.GetProperty("flows")[0].GetProperty("state").GetString());

        var token = await _world.PostAsync("/api/deployments/shop/hook-tokens", new { expiresInDays = 30 });
        await SendOrderAsync(token, "1");
        await _world.UntilAsync("/api/runs?deployment=shop&outcome=succeeded", r => r.GetArrayLength() == 1);

        await UploadAsync(Flows.Orders.Replace("Phone: '555'", "Phone: '777'", StringComparison.Ordinal).Replace("1.0.0", "1.1.0", StringComparison.Ordinal));
        var changed = await PutAsync("shop", Request());
        Assert.Equal(("changed", 2), (changed.GetProperty("result").GetString(), changed.GetProperty("number").GetInt32()));
        Assert.Equal("templateHash", changed.GetProperty("changes").EnumerateArray().Single().GetProperty("what").GetString());
        Assert.Equal("1.1.0", changed.GetProperty("flows")[0].GetProperty("version").GetString());

        var back = await _world.PostAsync("/api/deployments/shop/rollback", new { });
        Assert.Equal((3, "1.0.0"), (back.GetProperty("number").GetInt32(), back.GetProperty("flows")[0].GetProperty("version").GetString()));
        var versions = (await _world.GetAsync("/api/deployments/shop/versions")).GetProperty("data");
        Assert.Equal([3, 2, 1], versions.EnumerateArray().Select(v => v.GetProperty("number").GetInt32()));
        Assert.Equal(versions[0].GetProperty("templateHash").GetString(), versions[2].GetProperty("templateHash").GetString());
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/deployments/shop/rollback", new { to = 9 }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
    }

    [Fact]
    public async Task What_was_deployed_runs_again_after_a_restart_and_a_pause_outlives_it()
    {
        await MakeConnectionAsync("main");
        await UploadAsync(Flows.Orders);
        await PutAsync("shop", Request());
        var token = await _world.PostAsync("/api/deployments/shop/hook-tokens", new { });
        var paused = await _world.PostAsync("/api/deployments/shop/pause", new { reason = "stocktaking" });
        Assert.Equal(("paused", "Paused by local: stocktaking."), (paused.GetProperty("flows")[0].GetProperty("state").GetString(), paused.GetProperty("flows")[0].GetProperty("pausedBecause").GetString()));
        await _world.CloseAsync();
        await _world.OpenAsync();
        var found = await _world.GetAsync("/api/deployments/shop");
        Assert.Equal("paused", found.GetProperty("flows")[0].GetProperty("state").GetString());
        await SendOrderAsync(token, "2");
        var waiting = await _world.UntilAsync("/api/deployments", d => Of(d, "shop").GetProperty("waiting").GetProperty("ready").GetInt32() == 1);
        Assert.Empty(Of(waiting, "shop").GetProperty("runs").EnumerateObject());
        await _world.PostAsync("/api/deployments/shop/resume", new { });
        await _world.UntilAsync("/api/runs?deployment=shop&outcome=succeeded", r => r.GetArrayLength() == 1);
        Assert.Equal("main", (await _world.GetAsync("/api/connections/main")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_request_with_mistakes_names_all_of_them_and_changes_nothing()
    {
        await UploadAsync(Flows.Orders);
        var problem = await ApiWorld.ProblemAsync(
            await _world.SendAsync(HttpMethod.Put, "/api/deployments/shop", new { template = "orders", connections = new { salesforce = "mian" }, parameters = new { colour = "red" } }),
            HttpStatusCode.UnprocessableEntity, "does-not-fit");
        Assert.Equal(["WF5104", "WF5106"], problem.GetProperty("diagnostics").EnumerateArray().Select(d => d.GetProperty("code").GetString()).Order(StringComparer.Ordinal));
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/deployments/shop", new { template = "none" }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/deployments/shop", new { templte = "orders" }), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/deployments/shop", new { }), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/deployments/other", new { template = "orders", connections = new { salesforce = "org" } }), HttpStatusCode.Conflict, "conflict");
        Assert.Equal(["other"], (await _world.GetAsync("/api/deployments")).GetProperty("data").EnumerateArray().Select(d => d.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task An_org_that_lacks_a_required_field_refuses_the_deployment_and_is_told_by_the_test()
    {
        await MakeConnectionAsync("main");
        await UploadAsync(Flows.Orders.Replace("trigger:", "requires:\n  salesforce:\n    Account: { Shop_Key__c: { type: text, length: 20, externalId: true, unique: true } }\ntrigger:", StringComparison.Ordinal));
        var problem = await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/deployments/shop", Request()), HttpStatusCode.UnprocessableEntity, "does-not-fit");
        Assert.Contains("Account.Shop_Key__c does not exist", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var dry = await PutAsync("shop", Request(), "?dryRun=true");
        Assert.Contains("Shop_Key__c", dry.GetProperty("problems")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_go_in_and_never_come_out()
    {
        var bad = await ApiWorld.ProblemAsync(
            await _world.SendAsync(HttpMethod.Put, "/api/connections/main", new { connector = "salesforce", settings = new { baseAddress = "no address", colour = "red" }, secrets = new { clientSecret = Canary, pin = Canary } }),
            HttpStatusCode.UnprocessableEntity, "does-not-fit");
        Assert.DoesNotContain(Canary, bad.GetRawText(), StringComparison.Ordinal);
        Assert.Contains("colour", bad.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("pin", bad.GetProperty("detail").GetString(), StringComparison.Ordinal);

        await MakeConnectionAsync("main", secret: Canary);
        var texts = new List<string>();
        foreach (var path in new[] { "/api/connections", "/api/connections/main", "/api/audit", "/api/catalog" }) texts.Add((await _world.GetAsync(path)).GetRawText());
        var test = await _world.PostAsync("/api/connections/main/test", new { });
        Assert.False(test.GetProperty("works").GetBoolean());
        Assert.False(string.IsNullOrEmpty(test.GetProperty("message").GetString()));
        texts.Add(test.GetRawText());
        Assert.DoesNotContain(texts, t => t.Contains(Canary, StringComparison.Ordinal));

        // The wrong secret is replaced; the other one, left out, stays.
        var saved = await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Put, "/api/connections/main", new { connector = "salesforce", settings = Settings(), secrets = new { clientSecret = SalesforceSimulator.ClientSecret } }));
        Assert.Equal(["clientId", "clientSecret"], saved.GetProperty("secrets").EnumerateArray().Select(s => s.GetString()));
        Assert.True((await _world.PostAsync("/api/connections/main/test", new { })).GetProperty("works").GetBoolean());
        await _world.CloseAsync();
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(_world.Database)!))
        {
            Assert.DoesNotContain(Canary, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.Ordinal);
        }

        await _world.OpenAsync();
    }

    [Fact]
    public async Task A_connection_in_use_or_of_a_file_is_not_taken_away()
    {
        await MakeConnectionAsync("main");
        await UploadAsync(Flows.Orders);
        await PutAsync("shop", Request());
        var problem = await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Delete, "/api/connections/main"), HttpStatusCode.Conflict, "conflict");
        Assert.Contains("shop", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Delete, "/api/connections/org"), HttpStatusCode.Conflict, "conflict");
        using (var gone = await _world.SendAsync(HttpMethod.Delete, "/api/deployments/shop")) Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        var again = await PutAsync("shop", Request());
        Assert.Equal(("created", "active"), (again.GetProperty("result").GetString(), again.GetProperty("flows")[0].GetProperty("state").GetString()));
        using (var gone = await _world.SendAsync(HttpMethod.Delete, "/api/deployments/shop")) Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        using (var free = await _world.SendAsync(HttpMethod.Delete, "/api/connections/main")) Assert.Equal(HttpStatusCode.NoContent, free.StatusCode);
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Get, "/api/connections/main"), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_token_is_told_once_holds_beside_another_and_ends_when_it_is_deleted()
    {
        await UploadAsync(Flows.Orders);
        await PutAsync("shop", new { template = "orders", connections = new { salesforce = "org" } });
        var first = await _world.PostAsync("/api/deployments/shop/hook-tokens", new { });
        var second = await _world.PostAsync("/api/deployments/shop/hook-tokens", new { });
        await SendOrderAsync(first, "a");
        await SendOrderAsync(second, "b");
        var listed = await _world.GetAsync("/api/hook-tokens");
        Assert.Equal(2, listed.GetProperty("data").GetArrayLength());
        Assert.DoesNotContain(first.GetProperty("token").GetString()!, listed.GetRawText(), StringComparison.Ordinal);
        using (var ended = await _world.SendAsync(HttpMethod.Delete, "/api/hook-tokens/" + first.GetProperty("id").GetString())) Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, first.GetProperty("path").GetString()!, """{ "id": "c", "name": "c" }"""), HttpStatusCode.NotFound, "not-found");
        await SendOrderAsync(second, "d");
    }

    [Fact]
    public async Task The_audit_tells_who_changed_what_from_what_to_what()
    {
        await MakeConnectionAsync("main");
        await UploadAsync(Flows.Orders);
        await PutAsync("shop", Request());
        await _world.PostAsync("/api/deployments/shop/pause", new { reason = "a look" });
        var rows = (await _world.GetAsync("/api/audit")).GetProperty("data");
        Assert.Equal(["deployment.pause", "deployment.put", "template.put", "connection.put"], rows.EnumerateArray().Select(r => r.GetProperty("action").GetString()));
        Assert.All(rows.EnumerateArray(), r => Assert.Equal("local", r.GetProperty("actor").GetString()));
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("before").ValueKind);
        Assert.Equal("orders", rows[1].GetProperty("after").GetProperty("template").GetString());
        Assert.Equal(2, (await _world.GetAsync("/api/audit?target=shop")).GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Another_org_than_before_must_be_confirmed()
    {
        await UploadAsync(Flows.Orders);
        await PutAsync("shop", new { template = "orders", connections = new { salesforce = "org" } });
        await using var other = await Simulators.SimulatorHost.StartAsync(new SalesforceSimulator(new Simulators.SimulatorOptions { Rate = 0, Seed = 2 }));
        var settings = new { baseAddress = other.BaseAddress.GetLeftPart(UriPartial.Authority), allowPrivate = "true" };
        await ApiWorld.GoodAsync(await _world.SendAsync(
            HttpMethod.Put, "/api/connections/second", new { connector = "salesforce", settings, secrets = new { clientId = SalesforceSimulator.ClientId, clientSecret = SalesforceSimulator.ClientSecret } }));
        var first = (await _world.PostAsync("/api/connections/org/test", new { })).GetProperty("realm").GetString();
        var second = (await _world.PostAsync("/api/connections/second/test", new { })).GetProperty("realm").GetString();
        var request = new { template = "orders", connections = new { salesforce = "second" } };
        Assert.NotEqual(first, second);
        Assert.Single((await PutAsync("shop", request, "?dryRun=true")).GetProperty("otherRealms").EnumerateArray());
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/deployments/shop", request), HttpStatusCode.Conflict, "confirm-realm");
        Assert.Equal("unchanged", (await PutAsync("shop", new { template = "orders", connections = new { salesforce = "org" } })).GetProperty("result").GetString());
        Assert.Equal("changed", (await PutAsync("shop", request, "?confirmRealm=true")).GetProperty("result").GetString());

        // Only the new one runs, and it is the same one after a restart: its memory is kept from now on.
        var token = await _world.PostAsync("/api/deployments/shop/hook-tokens", new { expiresInDays = 30 });
        async Task<string?> OnlyRealmAsync() => Assert.Single((await _world.GetAsync("/api/deployments/shop")).GetProperty("flows").EnumerateArray()).GetProperty("connections").GetProperty("salesforce").GetProperty("realm").GetString();
        Assert.Equal(second, await OnlyRealmAsync());
        await SendOrderAsync(token, "1");
        await _world.UntilAsync("/api/runs?deployment=shop&outcome=succeeded", r => r.GetArrayLength() == 1);
        Assert.Single(other.Simulator.Records("Account", "AccountNumber"), a => a["AccountNumber"] == "1");
        Assert.DoesNotContain(_world.Salesforce.Records("Account", "AccountNumber"), a => a["AccountNumber"] == "1");
        var id = _world.Host.Names.Find("shop");
        for (var i = 0; i < 2; i++)
        {
            await _world.CloseAsync();
            await _world.OpenAsync();
            Assert.Equal((id, second), (_world.Host.Names.Find("shop"), await OnlyRealmAsync()));
        }

        // A connection in use does not become another org, and the version before is one of another org too.
        var moved = await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/connections/second", new { connector = "salesforce", settings = Settings(), secrets = new { clientId = SalesforceSimulator.ClientId } }), HttpStatusCode.Conflict, "conflict");
        Assert.Contains($"'second' would be {first}, but shop remembers what was done in {second}.", moved.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Put, "/api/connections/second", new { connector = "salesforce", title = "Another title", settings, secrets = new { clientId = SalesforceSimulator.ClientId } }));
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/deployments/shop/rollback", new { }), HttpStatusCode.Conflict, "confirm-realm");

        // Back to the first org is another one again: it does not take up what was remembered long ago.
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/deployments/shop", new { template = "orders", connections = new { salesforce = "org" } }), HttpStatusCode.Conflict, "confirm-realm");
        await PutAsync("shop", new { template = "orders", connections = new { salesforce = "org" } }, "?confirmRealm=true");
        Assert.Equal(first, await OnlyRealmAsync());
        Assert.NotEqual(id, _world.Host.Names.Find("shop"));
    }

    [Fact]
    public async Task An_upgrade_under_an_overlay_names_its_conflicts_first_and_changes_nothing_until_they_are_answered()
    {
        await MakeConnectionAsync("main");
        await UploadAsync(Flows.Orders);
        object Over(object lines) => new { template = "orders", connections = new { salesforce = "main" }, overlay = new { orders = new { account = new { set = lines } } } };
        await PutAsync("shop", Over(new Dictionary<string, string> { ["Phone"] = "777", ["Description"] = "by our own line" }));

        // The next version of the template calls the step otherwise.
        await UploadAsync(Flows.Orders.Replace("- id: account", "- id: customer", StringComparison.Ordinal).Replace("1.0.0", "2.0.0", StringComparison.Ordinal));
        var dry = await PutAsync("shop", Over(new Dictionary<string, string> { ["Phone"] = "777" }), "?dryRun=true");
        var conflict = dry.GetProperty("diagnostics").EnumerateArray().Single(d => d.GetProperty("severity").GetString() == "error");
        Assert.Equal("WF5131", conflict.GetProperty("code").GetString());
        Assert.Contains("no step 'account' (any more)", conflict.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("customer", conflict.GetProperty("hint").GetString(), StringComparison.Ordinal);
        var refused = await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/deployments/shop", Over(new Dictionary<string, string> { ["Phone"] = "777" })), HttpStatusCode.UnprocessableEntity, "does-not-fit");
        Assert.Equal("WF5131", refused.GetProperty("diagnostics")[0].GetProperty("code").GetString());
        // The template itself is taken and the deployment goes on with the version it has, after a restart too.
        async Task StandsAsync()
        {
            var shop = await _world.GetAsync("/api/deployments/shop");
            Assert.Equal((1, "1.0.0", "active"), (shop.GetProperty("number").GetInt32(), shop.GetProperty("flows")[0].GetProperty("version").GetString(), shop.GetProperty("flows")[0].GetProperty("state").GetString()));
        }

        await StandsAsync();
        await _world.CloseAsync();
        await _world.OpenAsync();
        await StandsAsync();

        var mended = await PutAsync("shop", new { template = "orders", connections = new { salesforce = "main" }, overlay = new { orders = new { customer = new { set = new Dictionary<string, string> { ["Phone"] = "777" } } } } });
        Assert.Equal(("changed", 2, "2.0.0"), (mended.GetProperty("result").GetString(), mended.GetProperty("number").GetInt32(), mended.GetProperty("flows")[0].GetProperty("version").GetString()));
        Assert.Equal(["overlay", "templateHash"], mended.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("what").GetString()!.Split('.')[0]).Distinct().Order());
    }

    private static JsonElement Of(JsonElement rows, string name) => rows.EnumerateArray().Single(d => d.GetProperty("name").GetString() == name);

    private static object Request() => new { template = "orders", connections = new { salesforce = "main" } };

    private object Settings() => new { baseAddress = _world.SalesforceAddress.GetLeftPart(UriPartial.Authority), allowPrivate = "true" };

    private async Task MakeConnectionAsync(string name, string secret = SalesforceSimulator.ClientSecret) => await ApiWorld.GoodAsync(await _world.SendAsync(
        HttpMethod.Put, "/api/connections/" + name, new { connector = "salesforce", settings = Settings(), secrets = new { clientId = SalesforceSimulator.ClientId, clientSecret = secret } }));

    private async Task UploadAsync(string flow) =>
        await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Put, "/api/templates/orders", new { files = new[] { new { path = "flow.yaml", content = flow } } }));

    private async Task<JsonElement> PutAsync(string name, object request, string query = "") => await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Put, $"/api/deployments/{name}{query}", request));

    private async Task SendOrderAsync(JsonElement token, string id)
    {
        using var answer = await _world.SendAsync(HttpMethod.Post, token.GetProperty("path").GetString()!, $$"""{ "id": "{{id}}", "name": "Ruiz {{id}}" }""");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }
}
