using System.Net;
using System.Text.Json;

namespace WorkflowEngine.Api.Tests;

/// <summary>The check of flow files and the evaluation of lines over samples.</summary>
public sealed class FlowAndPreviewTests : IAsyncLifetime
{
    private ApiWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ApiWorld.StartAsync();

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task The_check_gives_findings_with_places_and_the_flow_as_it_is_understood()
    {
        var good = await _world.PostAsync("/api/flows/check", new { files = new[] { new { path = "orders/flow.yaml", content = Flows.Orders } } });
        Assert.DoesNotContain(good.GetProperty("diagnostics").EnumerateArray(), d => d.GetProperty("severity").GetString() == "error");
        var flow = good.GetProperty("flows")[0];
        Assert.Equal("orders", flow.GetProperty("id").GetString());
        Assert.Equal("webhook", flow.GetProperty("triggers")[0].GetProperty("kind").GetString());
        Assert.Equal(["map", "create"], flow.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("activity").GetString()));
        Assert.Equal("Account", flow.GetProperty("steps")[1].GetProperty("entity").GetString());
        Assert.Contains("total", flow.GetProperty("input").GetProperty("fields").EnumerateArray().Select(f => f.GetProperty("name").GetString()));

        var bad = await _world.PostAsync("/api/flows/check", new { files = new[] { new { path = "orders/flow.yaml", content = Flows.Orders.Replace("Name: =input.name", "Name: =input.nmae", StringComparison.Ordinal) } } });
        var finding = bad.GetProperty("diagnostics").EnumerateArray().Single(d => d.GetProperty("severity").GetString() == "error");
        Assert.Equal((17, "orders/flow.yaml"), (finding.GetProperty("line").GetInt32(), finding.GetProperty("path").GetString()));
        Assert.Contains("nmae", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, bad.GetProperty("flows")[0].GetProperty("hash").ValueKind);
    }

    [Fact]
    public async Task Lines_give_values_with_types_or_errors_with_places_one_by_one()
    {
        var lines = await LinesAsync(
            """{ "a": "=input.name", "b": "=input.total", "c": "=money.add(input.total, '1.5')", "d": "=missing.x", "e": "=input.name.toUpperCase(", "f": 7, "g": "=keep", "h": "='x'.repeat(1e9)" }""",
            """{ "input": { "name": "Ruiz", "total": "12.50" } }""");
        Assert.Equal(("text", "Ruiz"), (Type(lines[0]), lines[0].GetProperty("value").GetString()));
        Assert.Equal(("text", "12.50"), (Type(lines[1]), lines[1].GetProperty("value").GetString()));
        Assert.Equal("decimal", Type(lines[2]));
        Assert.Equal("14.00", lines[2].GetProperty("value").GetString());
        Assert.Equal("invalid", lines[3].GetProperty("error").GetProperty("kind").GetString());
        Assert.Equal("invalid", lines[4].GetProperty("error").GetProperty("kind").GetString());
        Assert.True(lines[4].GetProperty("error").GetProperty("offset").GetInt32() > 0);
        Assert.Equal(("integer", 7), (Type(lines[5]), lines[5].GetProperty("value").GetInt32()));
        Assert.Equal("keep", Type(lines[6]));
        Assert.NotEqual(JsonValueKind.Null, lines[7].GetProperty("error").ValueKind);
    }

    [Fact]
    public async Task Types_of_the_catalogue_make_money_and_dates_of_the_samples()
    {
        var lines = await LinesAsync(
            """{ "when": "=date.of(input.createdOn)", "first": "=list.first(lines, l => l.type === 'Email')?.value" }""",
            """{ "input": { "id": "1", "createdOn": "2026-03-01T10:00:00Z" }, "lines": [ { "type": "Phone", "value": "1" }, { "type": "Email", "value": "a@b.c" } ] }""",
            more: ""","types": { "input": "servicetitan/customer", "lines": "servicetitan/customerContact[]" }""");
        Assert.Equal("a@b.c", lines[1].GetProperty("value").GetString());
        Assert.NotEqual(JsonValueKind.Undefined, lines[0].GetProperty("value").ValueKind);
    }

    [Fact]
    public async Task A_flow_gives_the_types_of_its_input_and_parameters()
    {
        var body = JsonSerializer.Serialize(new
        {
            lines = new[] { new { name = "sum", value = "=money.add(input.total, input.total)" }, new { name = "kind", value = "=input.total" } },
            files = new[] { new { path = "flow.yaml", content = Flows.Orders } },
            samples = new[] { new { input = new { id = "1", name = "n", total = "2.25" } } },
        });
        var answer = await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Post, "/api/preview", body));
        var lines = answer.GetProperty("samples")[0].GetProperty("lines");
        Assert.Equal(("decimal", "4.50"), (Type(lines[0]), lines[0].GetProperty("value").GetString()));
        Assert.Equal("decimal", Type(lines[1]));
    }

    [Fact]
    public async Task Later_lines_of_a_map_read_earlier_ones()
    {
        var lines = await LinesAsync("""{ "first": "=input.name", "both": "=`${person.first}!`" }""", """{ "input": { "name": "Ruiz" } }""", more: ""","self": "person" """);
        Assert.Equal("Ruiz!", lines[1].GetProperty("value").GetString());
    }

    [Fact]
    public async Task Values_are_judged_by_their_target_fields()
    {
        const string Target = ""","target": { "connector": "salesforce", "entity": "Account", "connection": "org", "verb": "create" }""";
        var lines = await LinesAsync(
            """{ "Name": "=null", "Phone": "=input.long", "NumberOfEmployees": "many", "OwnerId": "=input.name", "No_Such__c": "x", "Id": "x" }""",
            JsonSerializer.Serialize(new { input = new { name = "Ruiz", @long = new string('1', 60) } }), Target);
        Assert.Equal("required-empty", Finding(lines[0]));
        Assert.Equal("too-long", Finding(lines[1]));
        Assert.Equal("wrong-type", Finding(lines[2]));
        Assert.Equal("id-form", Finding(lines[3]));
        Assert.Equal("not-in-org", Finding(lines[4]));
        Assert.Equal("read-only", Finding(lines[5]));
    }

    [Fact]
    public async Task All_samples_are_answered_in_their_order()
    {
        var samples = string.Join(",", Enumerable.Range(0, 25).Select(i => $$"""{ "input": { "n": {{i}} } }"""));
        var answer = await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Post, "/api/preview", $$"""{ "lines": [ { "name": "n", "value": "=input.n * 2" } ], "samples": [ {{samples}} ] }"""));
        Assert.Equal(Enumerable.Range(0, 25).Select(i => i * 2), answer.GetProperty("samples").EnumerateArray().Select(s => s.GetProperty("lines")[0].GetProperty("value").GetInt32()));
        await ApiWorld.ProblemAsync(
            await _world.SendAsync(HttpMethod.Post, "/api/preview", $$"""{ "lines": [ {{string.Join(",", Enumerable.Repeat("""{ "name": "n", "value": 1 }""", 100))}} ], "samples": [ {{samples}} ] }"""),
            HttpStatusCode.BadRequest, "bad-request");
    }

    private static string? Type(JsonElement line) => line.GetProperty("type").GetString();

    private static string? Finding(JsonElement line) => line.GetProperty("findings").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } f ? f.GetProperty("code").GetString() : null;

    private async Task<JsonElement> LinesAsync(string lines, string sample, string more = "")
    {
        using var parsed = JsonDocument.Parse(lines);
        var rows = string.Join(",", parsed.RootElement.EnumerateObject().Select(l => $$"""{ "name": "{{l.Name}}", "value": {{l.Value.GetRawText()}} }"""));
        var answer = await ApiWorld.GoodAsync(await _world.SendAsync(HttpMethod.Post, "/api/preview", $$"""{ "lines": [ {{rows}} ], "samples": [ {{sample}} ]{{more}} }"""));
        return answer.GetProperty("samples")[0].GetProperty("lines");
    }
}
