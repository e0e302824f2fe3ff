using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace WorkflowEngine.Api.Tests;

/// <summary>What holds for every endpoint.</summary>
public sealed class GroundRulesTests : IAsyncLifetime
{
    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_request_id_is_kept_when_it_is_one_and_made_when_it_is_not()
    {
        using var kept = await _world.SendAsync(HttpMethod.Get, "/health/live", null, ("X-Request-Id", "from-a-script.7"));
        Assert.Equal("from-a-script.7", kept.Headers.GetValues("X-Request-Id").Single());
        using var made = await _world.SendAsync(HttpMethod.Get, "/health/live", null, ("X-Request-Id", "not an id"));
        Assert.Equal(32, made.Headers.GetValues("X-Request-Id").Single().Length);
    }

    [Theory]
    [InlineData("GET", "/api/nothing", null, 404, "not-found")]
    [InlineData("GET", "/api/runs/none", null, 404, "not-found")]
    [InlineData("DELETE", "/api/runs", null, 405, "method-not-allowed")]
    [InlineData("GET", "/api/runs?limit=0", null, 400, "bad-request")]
    [InlineData("GET", "/api/runs?limit=201", null, 400, "bad-request")]
    [InlineData("GET", "/api/runs?limit=many", null, 400, "bad-request")]
    [InlineData("GET", "/api/runs?cursor=!", null, 400, "bad-request")]
    [InlineData("GET", "/api/runs?since=yesterday", null, 400, "bad-request")]
    [InlineData("GET", "/api/runs?outcome=4", null, 400, "bad-request")]
    [InlineData("GET", "/api/runs?deployment=none", null, 404, "not-found")]
    [InlineData("GET", "/api/dead-letters/99999", null, 404, "not-found")]
    [InlineData("GET", "/api/dead-letters?state=lost", null, 400, "bad-request")]
    [InlineData("POST", "/api/dead-letters/replay", "{}", 400, "bad-request")]
    [InlineData("POST", "/api/flows/check", "", 400, "bad-request")]
    [InlineData("POST", "/api/flows/check", "{ \"files\": ", 400, "bad-request")]
    [InlineData("POST", "/api/flows/check", "{ \"fiels\": [] }", 400, "bad-request")]
    [InlineData("POST", "/api/flows/check", "{ \"files\": [null] }", 400, "bad-request")]
    [InlineData("POST", "/api/flows/check", "{ \"files\": [], \"files\": [] }", 400, "bad-request")]
    [InlineData("POST", "/api/flows/check", "null", 400, "bad-request")]
    [InlineData("POST", "/api/preview", "{ \"lines\": [null] }", 400, "bad-request")]
    [InlineData("GET", "/api/catalog/none/none", null, 404, "not-found")]
    [InlineData("GET", "/api/catalog/salesforce/Account?connection=none", null, 404, "not-found")]
    [InlineData("GET", "/api/templates/none", null, 404, "not-found")]
    [InlineData("PUT", "/api/drafts/a", "{ \"files\": [ { \"path\": \"flow.yaml\", \"content\": \"\" } ] }", 428, "precondition-required")]
    [InlineData("PUT", "/api/drafts/..", "{ \"files\": [] }", 404, "not-found")]
    [InlineData("POST", "/hooks/orders/wrong-token", "{}", 404, "not-found")]
    [InlineData("POST", "/hooks/orders", "{}", 404, "not-found")]
    public async Task A_refusal_is_a_problem_document_that_names_what_is_wrong(string method, string path, string? body, int status, string code)
    {
        var problem = await ApiWorld.ProblemAsync(await _world.SendAsync(new HttpMethod(method), path, body), (HttpStatusCode)status, code);
        var detail = problem.GetProperty("detail").GetString()!;
        Assert.DoesNotContain("System.", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_property_nobody_knows_is_named()
    {
        var problem = await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/flows/check", "{ \"fiels\": [] }"), HttpStatusCode.BadRequest, "bad-request");
        Assert.Contains("fiels", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413_and_one_nested_too_deep_is_400()
    {
        var large = new string('a', 9 * 1024 * 1024);
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/flows/check", $"{{\"files\":[{{\"path\":\"a\",\"content\":\"{large}\"}}]}}", ("Expect", "100-continue")), HttpStatusCode.RequestEntityTooLarge, "too-large");
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 70)) + "1" + new string('}', 70);
        await ApiWorld.ProblemAsync(
            await _world.SendAsync(HttpMethod.Post, "/api/preview", $"{{\"lines\":[{{\"name\":\"a\",\"value\":{deep}}}]}}"), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(
            await _world.SendAsync(HttpMethod.Post, "/hooks/orders/any", "{\"id\":\"" + new string('a', 1_100_000) + "\"}", ("Expect", "100-continue")), HttpStatusCode.RequestEntityTooLarge, "too-large");
    }

    [Fact]
    public async Task A_body_that_is_no_json_by_its_type_is_415()
    {
        using var content = new StringContent("files: []", Encoding.UTF8, new MediaTypeHeaderValue("text/yaml"));
        await ApiWorld.ProblemAsync(await _world.Client.PostAsync(new Uri("/api/flows/check", UriKind.Relative), content), HttpStatusCode.UnsupportedMediaType, "not-json");
    }

    [Fact]
    public async Task A_foreign_host_name_or_origin_is_refused_without_authentication()
    {
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Get, "/api/runs", null, ("Host", "evil.example")), HttpStatusCode.Forbidden, "forbidden");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/flows/check", "{}", ("Origin", "https://evil.example")), HttpStatusCode.Forbidden, "forbidden");
        using var own = await _world.SendAsync(HttpMethod.Get, "/api/runs", null, ("Origin", _world.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task Every_endpoint_of_the_table_is_described_and_nothing_else()
    {
        var document = await _world.GetAsync("/openapi/v1.json");
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Where(o => o.Name is "get" or "put" or "post" or "patch" or "delete").Select(o => $"{o.Name.ToUpperInvariant()} {p.Name}"));
        var table = EndpointTable.All.Select(e => $"{e.Method} {System.Text.RegularExpressions.Regex.Replace(e.Pattern, @"\{\**(\w+)(:\w+)?\}", "{$1}")}");
        Assert.Equal(table.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
        var ids = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).Select(o => o.Value.GetProperty("operationId").GetString()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.DoesNotContain("\"call\"", document.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_description_is_read_without_a_complaint_and_every_form_in_it_is_described()
    {
        var text = await _world.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        var read = Microsoft.OpenApi.OpenApiDocument.Parse(text, "json");
        Assert.Empty(read.Diagnostic!.Errors);
        var schemas = read.Document!.Components!.Schemas!.Keys.ToHashSet();
        foreach (System.Text.RegularExpressions.Match reference in System.Text.RegularExpressions.Regex.Matches(text, "\"#/components/schemas/([^\"]+)\"")) Assert.Contains(reference.Groups[1].Value, schemas);
        foreach (var endpoint in EndpointTable.All.Where(e => e.Answer is not null))
        {
            var path = System.Text.RegularExpressions.Regex.Replace(endpoint.Pattern, @"\{\**(\w+)(:\w+)?\}", "{$1}");
            var operation = read.Document.Paths[path].Operations![new HttpMethod(endpoint.Method)];
            Assert.NotNull(operation.Responses![endpoint.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)].Content!["application/json"].Schema);
        }
    }

    [Fact]
    public async Task Pages_for_people_are_there()
    {
        foreach (var path in new[] { "/", "/scalar/v1", "/schema/flow.schema.json" })
        {
            using var answer = await _world.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.True(answer.IsSuccessStatusCode, path);
        }
    }

    [Fact]
    public async Task Health_says_what_is_wrong()
    {
        Assert.Equal("ready", (await _world.GetAsync("/health/ready")).GetProperty("status").GetString());
        _world.Write("flows/orders/flow.yaml", Flows.Orders.Replace("Name: =input.name", "Nmae: =input.name", StringComparison.Ordinal));
        Assert.False(await _world.Runner.TakeAsync(default));
        using var answer = await _world.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var health = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync());
        Assert.Contains(health.GetProperty("wrong").EnumerateArray(), w => w.GetString()!.Contains("Nmae", StringComparison.Ordinal));
        Assert.Equal("live", (await _world.GetAsync("/health/live")).GetProperty("status").GetString());
    }
}
