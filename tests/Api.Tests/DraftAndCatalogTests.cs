using System.Net;
using System.Text.Json;

namespace WorkflowEngine.Api.Tests;

/// <summary>Drafts with ETags, the catalogue, templates, the designer's files.</summary>
public sealed class DraftAndCatalogTests : IAsyncLifetime
{
    private static readonly object Draft = new { title = "First", files = new[] { new { path = "flow.yaml", content = "flow: x\n" } } };

    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync(options: o => o with { Templates = Path.Combine(AppContext.BaseDirectory, "flows") });

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_draft_is_made_read_saved_and_deleted_by_its_etag()
    {
        using var made = await _world.SendAsync(HttpMethod.Put, "/api/drafts/one", Draft, ("If-None-Match", "*"));
        Assert.Equal((HttpStatusCode.Created, "\"1\""), (made.StatusCode, made.Headers.ETag!.Tag));
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/drafts/one", Draft, ("If-None-Match", "*")), HttpStatusCode.PreconditionFailed, "changed");
        using var saved = await _world.SendAsync(HttpMethod.Put, "/api/drafts/one", Draft, ("If-Match", "\"1\""));
        Assert.Equal("\"2\"", saved.Headers.ETag!.Tag);
        var problem = await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/drafts/one", Draft, ("If-Match", "\"1\"")), HttpStatusCode.PreconditionFailed, "changed");
        Assert.Equal("local", problem.GetProperty("changedBy").GetString());
        Assert.True(problem.GetProperty("changedAt").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        using var read = await _world.SendAsync(HttpMethod.Get, "/api/drafts/one");
        Assert.Equal("\"2\"", read.Headers.ETag!.Tag);
        Assert.Equal("flow: x\n", (await ApiWorld.GoodAsync(read)).GetProperty("files")[0].GetProperty("content").GetString());
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Delete, "/api/drafts/one", null, ("If-Match", "\"1\"")), HttpStatusCode.PreconditionFailed, "changed");
        using var deleted = await _world.SendAsync(HttpMethod.Delete, "/api/drafts/one", null, ("If-Match", "\"2\""));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Get, "/api/drafts/one"), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Every_save_of_a_draft_is_in_the_audit_with_the_files_it_changed()
    {
        object Of(string second) => new { title = "First", files = new[] { new { path = "flow.yaml", content = "flow: x\n" }, new { path = "more.yaml", content = second } } };
        (await _world.SendAsync(HttpMethod.Put, "/api/drafts/told", Of("a"), ("If-None-Match", "*"))).Dispose();
        (await _world.SendAsync(HttpMethod.Put, "/api/drafts/told", Of("b"), ("If-Match", "\"1\""))).Dispose();
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Put, "/api/drafts/told", Of("c"), ("If-Match", "\"1\"")), HttpStatusCode.PreconditionFailed, "changed");
        (await _world.SendAsync(HttpMethod.Delete, "/api/drafts/told", null, ("If-Match", "\"2\""))).Dispose();
        var rows = (await _world.GetAsync("/api/audit?target=told")).GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["draft.delete", "draft.save", "draft.save"], rows.Select(r => r.GetProperty("action").GetString()));
        Assert.Equal(["flow.yaml", "more.yaml"], Files(rows[2], "after"));
        Assert.Equal(["more.yaml"], Files(rows[1], "before"));
        Assert.Equal(["more.yaml"], Files(rows[1], "after"));
        Assert.Equal((1, 2), (rows[1].GetProperty("before").GetProperty("revision").GetInt32(), rows[1].GetProperty("after").GetProperty("revision").GetInt32()));

        static IEnumerable<string> Files(JsonElement row, string side) => row.GetProperty(side).GetProperty("files").EnumerateObject().Select(f => f.Name);
    }

    [Fact]
    public async Task The_list_of_drafts_tells_the_connections_that_each_names_also_of_the_newest_save_and_with_mistakes()
    {
        object Of(string connections) => new { title = "Named", files = new[] { new { path = "flow.yaml", content = $"flow: x\nconnections: {{ {connections} }}\nsteps: [ {{ creat: x }} ]\n" }, new { path = "other.yaml", content = "template: t\n" } } };
        (await _world.SendAsync(HttpMethod.Put, "/api/drafts/named", Of("st: servicetitan, sf: salesforce"), ("If-None-Match", "*"))).Dispose();
        Assert.Equal("""{"st":"servicetitan","sf":"salesforce"}""", await NamedAsync());
        (await _world.SendAsync(HttpMethod.Put, "/api/drafts/named", Of("sf: salesforce"), ("If-Match", "\"1\""))).Dispose();
        Assert.Equal("""{"sf":"salesforce"}""", await NamedAsync());
        (await _world.SendAsync(HttpMethod.Put, "/api/drafts/named", Of("["), ("If-Match", "\"2\""))).Dispose();
        Assert.Equal("{}", await NamedAsync());

        async Task<string> NamedAsync() => (await _world.GetAsync("/api/drafts")).GetProperty("data").EnumerateArray().Single(d => d.GetProperty("id").GetString() == "named").GetProperty("connections").GetRawText();
    }

    [Fact]
    public async Task Drafts_are_paged_by_cursors()
    {
        for (var i = 0; i < 5; i++) (await _world.SendAsync(HttpMethod.Put, $"/api/drafts/d{i}", Draft, ("If-None-Match", "*"))).Dispose();
        var seen = new List<string?>();
        string? cursor = null;
        do
        {
            var page = await _world.GetAsync("/api/drafts?limit=2" + (cursor is null ? "" : "&cursor=" + cursor));
            Assert.InRange(page.GetProperty("data").GetArrayLength(), 1, 2);
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(d => d.GetProperty("id").GetString()));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        Assert.Equal(["d0", "d1", "d2", "d3", "d4"], seen);
    }

    [Theory]
    [InlineData("../flow.yaml")]
    [InlineData("/flow.yaml")]
    [InlineData("a\\\\flow.yaml")]
    [InlineData("flow.exe")]
    public async Task A_path_that_leaves_the_template_is_refused(string path) => await ApiWorld.ProblemAsync(
        await _world.SendAsync(HttpMethod.Put, "/api/drafts/one", $$"""{ "files": [ { "path": "{{path}}", "content": "" } ] }""", ("If-None-Match", "*")), HttpStatusCode.UnprocessableEntity, "does-not-fit");

    [Fact]
    public async Task The_catalogue_tells_connectors_entities_operations_functions_and_findings()
    {
        var connectors = (await _world.GetAsync("/api/catalog")).GetProperty("connectors");
        Assert.Equal(["salesforce", "servicetitan"], connectors.EnumerateArray().Select(c => c.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        var customer = await _world.GetAsync("/api/catalog/servicetitan/customer");
        Assert.Equal("catalogue", customer.GetProperty("source").GetString());
        Assert.Contains("name", customer.GetProperty("fields").EnumerateArray().Select(f => f.GetProperty("name").GetString()));
        var account = await _world.GetAsync("/api/catalog/salesforce/Account?connection=org");
        Assert.Equal("org", account.GetProperty("source").GetString());
        Assert.NotEqual(JsonValueKind.Null, account.GetProperty("readAt").ValueKind);
        Assert.Contains("normalize.email", (await _world.GetAsync("/api/catalog/functions")).GetProperty("functions").EnumerateArray().Select(f => f.GetProperty("name").GetString()));
        Assert.NotEmpty((await _world.GetAsync("/api/catalog/diagnostics")).GetProperty("diagnostics").EnumerateArray());
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Get, "/api/catalog/servicetitan/customer?connection=org"), HttpStatusCode.UnprocessableEntity, "does-not-fit");
    }

    [Fact]
    public async Task Templates_are_listed_uploaded_by_content_and_refused_with_their_mistakes()
    {
        var rows = (await _world.GetAsync("/api/templates")).GetProperty("data").EnumerateArray().ToDictionary(t => t.GetProperty("id").GetString()!, t => t.GetProperty("origin").GetString());
        Assert.Equal(("builtIn", "workspace"), (rows["customer-to-salesforce"], rows["orders"]));
        var template = await _world.GetAsync("/api/templates/customer-to-salesforce");
        Assert.NotEqual(JsonValueKind.Null, template.GetProperty("readme").ValueKind);
        Assert.NotEmpty(template.GetProperty("requires").EnumerateArray());

        var first = new { files = new[] { new { path = "flow.yaml", content = Flows.Orders.Replace("flow: orders", "flow: shop", StringComparison.Ordinal) } }, note = "first" };
        using var made = await _world.SendAsync(HttpMethod.Put, "/api/templates/shop", first);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        using var again = await _world.SendAsync(HttpMethod.Put, "/api/templates/shop", first);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        var second = new { files = new[] { new { path = "flow.yaml", content = first.files[0].content.Replace("1.0.0", "1.1.0", StringComparison.Ordinal) } } };
        var newest = await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Put, "/api/templates/shop", second));
        Assert.Equal(2, newest.GetProperty("versions").GetArrayLength());
        var hash = newest.GetProperty("versions")[0].GetProperty("hash").GetString()!;
        Assert.Equal("1.1.0", (await _world.GetAsync("/api/templates/shop")).GetProperty("version").GetString());
        Assert.Equal("1.0.0", (await _world.GetAsync("/api/templates/shop?version=" + hash[..8])).GetProperty("version").GetString());
        Assert.Equal(hash, (await _world.GetAsync("/api/templates/shop?version=1.0.0")).GetProperty("hash").GetString());

        // Whoever publishes an older version again wants it to run.
        using var back = await _world.SendAsync(HttpMethod.Put, "/api/templates/shop", first);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Equal("1.0.0", (await _world.GetAsync("/api/templates/shop")).GetProperty("version").GetString());
        await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Put, "/api/templates/shop", second));

        var problem = await ApiWorld.ProblemAsync(
            await _world.SendAsync(HttpMethod.Put, "/api/templates/shop", new { files = new[] { new { path = "flow.yaml", content = "flow: shop\nsteps: [ { creat: x } ]\n" } } }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
        Assert.NotEmpty(problem.GetProperty("diagnostics").EnumerateArray());
        Assert.Equal("flow.yaml", problem.GetProperty("diagnostics")[0].GetProperty("path").GetString());
    }

    [Fact]
    public async Task Records_of_the_org_are_read_as_samples()
    {
        (await _world.HookAsync("""{ "id": "s1", "name": "Ruiz" }""")).Dispose();
        await _world.UntilAsync("/api/runs?key=s1&outcome=succeeded", r => r.GetArrayLength() == 1);
        var some = (await _world.GetAsync("/api/connections/org/records/Account?limit=3")).GetProperty("data");
        Assert.Equal("Ruiz", some[0].GetProperty("Name").GetString());
        var id = some[0].GetProperty("Id").GetString();
        Assert.Equal(id, (await _world.GetAsync($"/api/connections/org/records/Account?id={id}")).GetProperty("data")[0].GetProperty("Id").GetString());
        Assert.Equal(id, (await _world.GetAsync($"/api/connections/org/records/Account?id={id}&by=Name&value=Ruiz")).GetProperty("data")[0].GetProperty("Id").GetString());
        Assert.Equal(0, (await _world.GetAsync($"/api/connections/org/records/Account?id={id}&by=Name&value=Ray")).GetProperty("data").GetArrayLength());
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Get, "/api/connections/org/records/NoSuch__c"), HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Without_its_built_files_the_designer_says_how_to_build_them()
    {
        using var answer = await _world.Client.GetAsync(new Uri("/designer/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("npm run build", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_designer_is_served_with_its_own_paths_and_assets_that_never_change()
    {
        var folder = Directory.CreateTempSubdirectory("designer-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "assets"));
        await File.WriteAllTextAsync(Path.Combine(folder, "index.html"), "<title>the designer</title>");
        await File.WriteAllTextAsync(Path.Combine(folder, "assets", "app-1a2b.js"), "1");
        await using var world = await ApiWorld.StartAsync(options: o => o with { Designer = folder });
        foreach (var path in new[] { "/designer/", "/designer/flows/orders/mapping" })
        {
            Assert.Contains("the designer", await world.Client.GetStringAsync(new Uri(path, UriKind.Relative)), StringComparison.Ordinal);
        }

        using var asset = await world.Client.GetAsync(new Uri("/designer/assets/app-1a2b.js", UriKind.Relative));
        Assert.Equal("text/javascript", asset.Content.Headers.ContentType?.MediaType);
        Assert.Contains("immutable", asset.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "assets", "app-1a2b.js.br"), "compressed");
        using var small = await world.SendAsync(HttpMethod.Get, "/designer/assets/app-1a2b.js", null, ("Accept-Encoding", "gzip, br"));
        Assert.Equal(("br", "text/javascript"), (small.Content.Headers.ContentEncoding.Single(), small.Content.Headers.ContentType?.MediaType));
        foreach (var outside in new[] { "/designer/assets/gone.js", "/designer/..%2f..%2fetc/passwd.txt", "/designer/%2e%2e/%2e%2e/flow.db" })
        {
            using var none = await world.Client.GetAsync(new Uri(outside, UriKind.Relative));
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }

        Directory.Delete(folder, recursive: true);
    }
}
