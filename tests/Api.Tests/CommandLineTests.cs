using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Api.Tests;

/// <summary>The commands that talk to a server, as processes of their own.</summary>
public sealed class CommandLineTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flow-cli-").FullName;
    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_template_and_a_deployment_file_are_deployed_planned_explained_and_promoted()
    {
        var template = Path.Combine(_folder, "shop");
        Directory.CreateDirectory(template);
        await File.WriteAllTextAsync(Path.Combine(template, "flow.yaml"), Flows.Orders.Replace("flow: orders", "flow: shop", StringComparison.Ordinal));
        var file = Path.Combine(_folder, "shop.yaml");
        await File.WriteAllTextAsync(file, "deployment: shop\ntemplate: shop\nconnections: { salesforce: org }\nhookToken: { env: SHOP_TOKEN }\nsharedFields: [Account.AccountNumber, Account.Name, Account.Phone]\n");

        Assert.Contains("shop: created (dry run", await GoodAsync("deploy", file, "--template", template, "--dry-run"), StringComparison.Ordinal);
        Assert.Contains("shop: created.", await GoodAsync("deploy", file), StringComparison.Ordinal);
        Assert.Contains("shop: unchanged.", await GoodAsync("deploy", file), StringComparison.Ordinal);
        Assert.Contains("shop", await GoodAsync("templates", "list"), StringComparison.Ordinal);
        Assert.Contains("active", await GoodAsync("deployments", "list"), StringComparison.Ordinal);
        Assert.Contains("is paused", await GoodAsync("deployments", "pause", "shop"), StringComparison.Ordinal);
        Assert.Contains("is active", await GoodAsync("deployments", "resume", "shop"), StringComparison.Ordinal);

        var token = await _world.PostAsync("/api/deployments/shop/hook-tokens", new { });
        (await _world.SendAsync(HttpMethod.Post, token.GetProperty("path").GetString()!, """{ "id": "c1", "name": "Ruiz" }""")).Dispose();
        var runs = await _world.UntilAsync("/api/runs?deployment=shop", r => r.GetArrayLength() == 1);
        var record = (await _world.GetAsync("/api/runs/" + runs[0].GetProperty("id").GetString())).GetProperty("effects")[0].GetProperty("record").GetString()!;
        await _world.Host.Runtime.WaitIdleAsync(default);
        var why = await GoodAsync("why", "org", "Account", record, "Name");
        Assert.Contains("Name = Ruiz", why, StringComparison.Ordinal);
        Assert.Contains("flow.yaml:17: set: { Name: =input.name", why, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(_folder, "events.json"), """[ { "id": "p1", "name": "Lind" } ]""");
        await File.WriteAllTextAsync(Path.Combine(template, "flow.yaml"), (await File.ReadAllTextAsync(Path.Combine(template, "flow.yaml"))).Replace("'555'", "'777'", StringComparison.Ordinal));
        var plan = await GoodAsync("plan", template, "--deployment", "shop", "--events", Path.Combine(_folder, "events.json"));
        Assert.Contains("Phone: 555 -> 777", plan, StringComparison.Ordinal);
        Assert.Contains("1 records differ over 1 events.", plan, StringComparison.Ordinal);

        await GoodAsync("templates", "push", template, "--note", "another phone");
        Assert.Contains("shop: changed.", await GoodAsync("deploy", file), StringComparison.Ordinal);
        Assert.Contains("is at version 3", await GoodAsync("deployments", "rollback", "shop"), StringComparison.Ordinal);

        var exported = Path.Combine(_folder, "exported");
        await GoodAsync("workspace", "export", exported);
        Assert.True(File.Exists(Path.Combine(exported, "templates", "shop", "flow.yaml")));
        Assert.DoesNotContain(Directory.EnumerateFiles(exported, "*", SearchOption.AllDirectories), f => File.ReadAllText(f).Contains(SalesforceSimulator.ClientSecret, StringComparison.Ordinal));
        Assert.Contains("deployment shop: unchanged", await GoodAsync("workspace", "import", exported), StringComparison.Ordinal);
        Assert.Contains("connection org: It is open", await GoodAsync("doctor"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_run_is_replayed_and_a_run_that_cannot_be_is_told_why()
    {
        foreach (var (id, name) in new[] { ("c1", "Ruiz"), ("c2", new string('n', 300)) }) (await _world.HookAsync($$"""{ "id": "{{id}}", "name": "{{name}}" }""")).EnsureSuccessStatusCode().Dispose();
        var runs = (await _world.UntilAsync("/api/runs", r => r.GetArrayLength() == 2)).EnumerateArray().ToDictionary(r => r.GetProperty("key").GetString()!, r => r.GetProperty("id").GetString()!);
        Assert.Contains("Replayed: event", await GoodAsync("runs", "replay", runs["c2"], "--from", "step"), StringComparison.Ordinal);
        Assert.Contains("It was replayed already", await GoodAsync("runs", "replay", runs["c2"]), StringComparison.Ordinal);
        var (code, why) = await RunAsync(_world.Address, null, "runs", "replay", runs["c1"]);
        Assert.Equal(2, code);
        Assert.Contains("what it was handed is deleted", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_review_is_listed_shown_and_decided()
    {
        var flow = Flows.Orders.Replace("create: salesforce/Account", "upsert: salesforce/Account", StringComparison.Ordinal)
            .Replace("once: { AccountNumber: =input.id }", "match: [[AccountNumber], [Name]]\n    onAmbiguous: review\n    options: { duplicates: accept }", StringComparison.Ordinal)
            .Replace("set: { Name", "set: { AccountNumber: =input.id, Name", StringComparison.Ordinal);
        await using var world = await ApiWorld.StartAsync(new Dictionary<string, string> { ["flows/orders/flow.yaml"] = flow, ["deployments/orders.yaml"] = Flows.OrdersDeployment });
        Assert.Contains("Nothing waits", (await RunAsync(world.Address, null, "reviews", "list")).Output, StringComparison.Ordinal);
        var records = Enumerable.Range(0, 2).Select(_ => world.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Ruiz" })).ToList();
        (await world.HookAsync("""{ "id": "r1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
        var open = await world.UntilAsync("/api/reviews", r => r.GetArrayLength() == 1);
        var id = open[0].GetProperty("id").GetString()!;
        var listed = (await RunAsync(world.Address, null, "reviews", "list")).Output;
        Assert.Contains(id, listed, StringComparison.Ordinal);
        Assert.Contains("use, create, skip", listed, StringComparison.Ordinal);
        Assert.Contains(records[1], (await RunAsync(world.Address, null, "reviews", "show", id)).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync(world.Address, null, "reviews", "decide", id, "use", "--record", "nobody")).Code);
        Assert.Contains("Decided: use", (await RunAsync(world.Address, null, "reviews", "decide", id, "use", "--record", records[1])).Output, StringComparison.Ordinal);
        await world.UntilAsync("/api/runs?key=r1&outcome=succeeded", r => r.GetArrayLength() == 1);
    }

    [Fact]
    public async Task What_an_org_has_is_written_to_a_file_that_flows_are_checked_against()
    {
        var file = Path.Combine(_world.Folder, "flows", "orders", "org.metadata.json");
        var (none, why) = await RunAsync(null, null, "metadata", "pull", "nobody", "--workspace", _world.Folder);
        Assert.Equal(2, none);
        Assert.Contains("Connections there: org", why, StringComparison.Ordinal);
        var (code, said) = await RunAsync(null, null, "metadata", "pull", "org", "--workspace", _world.Folder, "--entity", "Account", "Case", "--output", file);
        Assert.True(code == 0, said);
        var metadata = await File.ReadAllTextAsync(file);
        Assert.Contains("\"AccountNumber\"", metadata, StringComparison.Ordinal);
        Assert.DoesNotContain(SalesforceSimulator.ClientSecret, metadata + said, StringComparison.Ordinal);

        var flow = Path.Combine(_world.Folder, "flows", "orders", "flow.yaml");
        Assert.Equal(0, (await RunAsync(null, null, "check", Path.GetDirectoryName(flow)!)).Code);
        await File.WriteAllTextAsync(file, metadata.Replace("\"length\": 40", "\"length\": 2", StringComparison.Ordinal));
        await File.WriteAllTextAsync(flow, (await File.ReadAllTextAsync(flow)).Replace("'555'", "'5555'", StringComparison.Ordinal));
        var (wrong, mistakes) = await RunAsync(null, null, "check", Path.GetDirectoryName(flow)!);
        Assert.Equal(1, wrong);
        Assert.Contains("Phone", mistakes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_flows_require_and_an_org_lacks_is_told_and_on_request_made_granted_and_seen()
    {
        var flow = Path.Combine(_world.Folder, "flows", "orders", "flow.yaml");
        await File.WriteAllTextAsync(flow, (await File.ReadAllTextAsync(flow)).Replace(
            "trigger:", "requires:\n  salesforce:\n    Account:\n      Order_Key__c: { type: text, length: 20, externalId: true, unique: true }\n      Phone: { type: phone }\n    Order_Line__c:\n      Amount__c: { type: currency }\ntrigger:", StringComparison.Ordinal));
        var (lacks, said) = await RunAsync(null, null, "metadata", "prepare", "org", "--workspace", _world.Folder);
        Assert.Equal(1, lacks);
        Assert.Contains("Account.Order_Key__c does not exist", said, StringComparison.Ordinal);
        Assert.Contains("The object Order_Line__c does not exist", said, StringComparison.Ordinal);
        Assert.Contains("1 of these can be made", said, StringComparison.Ordinal);
        // Only looking has made nothing.
        Assert.Equal(1, (await RunAsync(null, null, "metadata", "prepare", "org", "--workspace", _world.Folder)).Code);

        var (left, made) = await RunAsync(null, null, "metadata", "prepare", "org", "--workspace", _world.Folder, "--create", "--permission-set", "Order_Sync");
        Assert.Equal(1, left);
        Assert.Contains("Account.Order_Key__c is there, granted through Order_Sync.", made, StringComparison.Ordinal);
        Assert.Contains("The object Order_Line__c does not exist", made, StringComparison.Ordinal);
        using (var requires = System.Text.Json.JsonDocument.Parse("""{ "Order_Line__c": { "Amount__c": { "type": "currency" } } }""")) _world.Salesforce.AddRequired(requires.RootElement);
        var (all, good) = await RunAsync(null, null, "metadata", "prepare", "org", "--workspace", _world.Folder, "--flow", "orders");
        Assert.True(all == 0, good);
        Assert.Contains("2 objects, 3 fields", good, StringComparison.Ordinal);
        var (none, unknown) = await RunAsync(null, null, "metadata", "prepare", "org", "--workspace", _world.Folder, "--flow", "nothing");
        Assert.Equal(2, none);
        Assert.Contains("There is no flow 'nothing'", unknown, StringComparison.Ordinal);
        Assert.DoesNotContain(SalesforceSimulator.ClientSecret, said + made + good, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_is_told_with_its_line_and_nothing_is_changed()
    {
        var template = Path.Combine(_folder, "bad");
        Directory.CreateDirectory(template);
        await File.WriteAllTextAsync(Path.Combine(template, "flow.yaml"), Flows.Orders.Replace("flow: orders", "flow: bad", StringComparison.Ordinal).Replace("input.name,", "input.nmae,", StringComparison.Ordinal));
        var (code, output) = await RunAsync(_world.Address, null, "templates", "push", template);
        Assert.Equal(2, code);
        Assert.Contains("flow.yaml:17:", output, StringComparison.Ordinal);
        Assert.Contains("nmae", output, StringComparison.Ordinal);
        var (gone, sentence) = await RunAsync(new Uri("http://127.0.0.1:1"), null, "templates", "list");
        Assert.Equal(2, gone);
        Assert.Contains("No server answers", sentence, StringComparison.Ordinal);
        Assert.Contains("See 'flow dead-letters show --help'.", (await RunAsync(null, null, "dead-letters", "show")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_key_is_made_in_the_database_and_sent_from_the_environment()
    {
        var database = Path.Combine(_folder, "keys.db");
        var (code, output) = await RunAsync(null, null, "keys", "add", "--db", database, "--name", "first", "--role", "admin");
        Assert.Equal(0, code);
        var key = output.Trim();
        Assert.StartsWith("flow_", key, StringComparison.Ordinal);
        await using var world = await ApiWorld.StartAsync(options: o => o with { Access = new AccessOptions { Keys = true } });
        var keys = new Hosting.AccessKeys(world.Host.Settings.AccessKeys, world.Host.Time);
        var (_, text) = await keys.MakeAsync("default", "cli", "viewer", null, "test", default);
        Assert.Equal(2, (await RunAsync(world.Address, null, "templates", "list")).Code);
        Assert.Equal(2, (await RunAsync(world.Address, key, "templates", "list")).Code);
        Assert.Equal(0, (await RunAsync(world.Address, text, "templates", "list")).Code);
        var (refused, why) = await RunAsync(world.Address, text, "deployments", "pause", "orders");
        Assert.Equal(2, refused);
        Assert.Contains("operator", why, StringComparison.Ordinal);
    }

    private async Task<string> GoodAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync(_world.Address, null, arguments);
        Assert.True(code == 0, $"flow {string.Join(' ', arguments)}: {code}\n{output}");
        return output;
    }

    private async Task<(int Code, string Output)> RunAsync(Uri? server, string? key, params string[] arguments)
    {
        var (code, output, errors) = await FlowCommand.RunAsync(server, key, _world.Environment, arguments);
        return (code, output + errors);
    }
}
