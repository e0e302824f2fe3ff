using System.Net;
using System.Text.Json;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Api.Tests;

/// <summary>Duplicates that are there already: what a clean-up would merge is seen before anything is changed, and then exactly that is merged.</summary>
public sealed class CleanUpTests : IAsyncLifetime
{
    private const string Requires = """
        { "Contact": { "ServiceTitan_Person_Key__c": { "type": "text", "length": 80, "externalId": true, "unique": true } }, "Account": { "ServiceTitan_Customer_Id__c": { "type": "text", "length": 20, "externalId": true, "unique": true } } }
        """;

    private const string Why = "they share an e-mail, or a mobile or phone and the last name, and their first names fit";

    private ApiWorld _world = null!;
    private string _first = "";
    private string _second = "";
    private string _third = "";

    public async ValueTask InitializeAsync()
    {
        var template = Path.Combine(AppContext.BaseDirectory, "flows", "duplicates");
        var files = Directory.EnumerateFiles(template, "*.yaml").Where(f => !f.EndsWith(".tests.yaml", StringComparison.Ordinal)).ToDictionary(f => "flows/duplicates/" + Path.GetFileName(f), File.ReadAllText);
        files["deployments/cleanup.yaml"] = "deployment: cleanup\ntemplate: duplicates\nconnections: { salesforce: org }\nstate: paused\n";
        _world = await ApiWorld.StartAsync(files, prepare: world =>
        {
            using var requires = JsonDocument.Parse(Requires);
            world.Salesforce.AddRequired(requires.RootElement);
            var home = world.Salesforce.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Whitfield" });
            _first = Person(world.Salesforce, home, "Dana", "dana@example.com", ("Description", "Gate 4"));
            _second = Person(world.Salesforce, home, "Dana", "Dana@example.com", ("Title", "Owner"), ("Description", "The gate code is 4"));
            _third = Person(world.Salesforce, home, "D.", "dana@example.com", ("Title", "Boss"), ("Department", "Sales"));
            Person(world.Salesforce, home, "Rory", "dana@example.com");
        });
    }

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task A_preview_tells_what_would_be_merged_why_and_which_value_each_field_keeps_by_which_rule_and_changes_nothing()
    {
        var before = Contacts();
        var plan = await PreviewAsync();
        Assert.Equal(before, Contacts());
        Assert.Equal((1, false), (plan.GetProperty("totals").GetProperty("merge Contact").GetInt32(), plan.GetProperty("more").GetBoolean()));
        var effect = plan.GetProperty("runs").EnumerateArray().SelectMany(r => r.GetProperty("effects").EnumerateArray()).Single();
        Assert.Equal(("join", "merge", _first), (Text(effect, "step"), Text(effect, "verb"), Text(effect, "record")));
        var merge = effect.GetProperty("merge");
        Assert.Equal([_second, _third], merge.GetProperty("absorbed").EnumerateArray().Select(a => a.GetString()!));
        Assert.Equal(Why, Text(merge, "because"));
        Assert.Equal(
            [
                $"FirstName=Dana longest of {_first} drops D. of {_third}", $"Title=Owner filled of {_second} drops Boss of {_third}", $"Department=Sales filled of {_third} drops ",
                $"Description=The gate code is 4 longest of {_second} drops Gate 4 of {_first}",
            ],
            merge.GetProperty("kept").EnumerateArray().Where(k => Text(k, "field") is "FirstName" or "Title" or "Department" or "Description").Select(k =>
                $"{Text(k, "field")}={Text(k, "value")} {Text(k, "rule")} of {Text(k, "of")} drops {string.Join(", ", k.GetProperty("lost").EnumerateArray().Select(l => $"{Text(l, "value")} of {Text(l, "record")}"))}"));
        Assert.Equal(plan.GetRawText(), (await PreviewAsync()).GetRawText());
    }

    [Fact]
    public async Task The_clean_up_then_does_what_the_preview_told_and_the_journal_says_why()
    {
        var kept = (await PreviewAsync()).GetProperty("runs").EnumerateArray().SelectMany(r => r.GetProperty("effects").EnumerateArray()).Single().GetProperty("merge").GetProperty("kept").EnumerateArray().ToList();
        (await _world.SendAsync(HttpMethod.Post, "/api/deployments/cleanup/resume")).EnsureSuccessStatusCode().Dispose();
        await _world.PostAsync("/api/deployments/cleanup/backfills", new { flow = "duplicate-contacts", by = "query" });
        await _world.UntilAsync("/api/deployments/cleanup/backfills", data => data[0].GetProperty("state").GetString() == "done");
        Assert.Equal(2, _world.Salesforce.Records("Contact", "Id").Count);
        foreach (var field in kept.Where(k => k.GetProperty("value").ValueKind == JsonValueKind.String))
        {
            Assert.Equal(Text(field, "value"), _world.Salesforce.Records("Contact", "Id", Text(field, "field")).Single(c => c["Id"] == _first)[Text(field, "field")]);
        }

        var runs = await _world.UntilAsync("/api/runs?limit=50", rows => rows.GetArrayLength() > 0);
        var told = new List<string>();
        foreach (var run in runs.EnumerateArray())
        {
            var steps = (await _world.GetAsync("/api/runs/" + Text(run, "id"))).GetProperty("steps");
            if (steps.ValueKind == JsonValueKind.Array) told.AddRange(steps.EnumerateArray().Where(s => s.TryGetProperty("took", out var took) && took.ValueKind == JsonValueKind.String).Select(s => Text(s, "took")));
        }

        Assert.Contains(told, t => t.StartsWith($"merges {_second}, {_third} into {_first}, because {Why}", StringComparison.Ordinal) && t.Contains($"Title filled of {_second}", StringComparison.Ordinal));
        Assert.DoesNotContain(told, t => t.Contains("gate code", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_records_are_planned_alone_and_only_where_a_trigger_reads_records()
    {
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/flows/plan", new { deployment = "cleanup/duplicate-contacts", all = true, records = new[] { _first } }), HttpStatusCode.BadRequest, "bad-request");
        await ApiWorld.ProblemAsync(await _world.SendAsync(HttpMethod.Post, "/api/flows/plan", new { deployment = "cleanup/duplicate-contacts" }), HttpStatusCode.BadRequest, "bad-request");
    }

    private Task<JsonElement> PreviewAsync() => _world.PostAsync("/api/flows/plan", new { deployment = "cleanup/duplicate-contacts", all = true });

    private List<string> Contacts() =>
        [.. _world.Salesforce.Records("Contact", "Id", "FirstName", "Title", "Description", "Department", "LastModifiedDate").Select(c => string.Join("|", c.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value)))];

    private static string Person(SalesforceSimulator org, string account, string first, string email, params (string Name, string Value)[] more)
    {
        var values = new Dictionary<string, object?> { ["AccountId"] = account, ["FirstName"] = first, ["LastName"] = "Whitfield", ["Email"] = email };
        foreach (var (name, value) in more) values[name] = value;
        return org.AddRecord("Contact", values);
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";
}
