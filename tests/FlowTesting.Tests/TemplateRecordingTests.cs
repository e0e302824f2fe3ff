using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.FlowTesting.Tests;

/// <summary>Runs of the templates, as their own tests make them, become tests again that hold: the journal and the records as they are afterwards are enough.</summary>
public sealed class TemplateRecordingTests
{
    /// <summary>Fields that only an org with person accounts has on Account.</summary>
    private static readonly string[] OfPersons = ["FirstName", "LastName", "PersonEmail", "PersonMobilePhone", "ServiceTitan_Person_Key__pc"];

    /// <summary>What a test cannot know: sums of records the run does not name, and people of the tenant whom nobody entered in the test the run comes of.</summary>
    private static readonly string[] Known = ["sums records that the run does not name", "technician "];

    [Theory]
    [InlineData("customer-to-salesforce", "customer-to-salesforce", "a residential customer arrives as Account and Contact")]
    [InlineData("won-opportunity-to-job", "won-opportunity-to-job", "a won sale books one job with its customer")]
    [InlineData("completed-job-to-opportunity", "completed-job-to-opportunity", "the office finishes the invoice later")]
    [InlineData("invoice-to-revenue", "invoice-job-revenue", "an invoice and its payment become one revenue record")]
    [InlineData("membership-to-campaign", "membership-to-campaign", "a sold membership enrols the contact")]
    [InlineData("low-rating-to-case", "low-rating-to-case", "a rating of 2 opens one Case for the account's owner")]
    public async Task A_run_of_a_template_becomes_a_test_that_holds(string template, string flow, string only)
    {
        var files = Files(template);
        var made = new ConcurrentQueue<RecordedTest>();
        var report = await FlowTestRunner.RunAsync(files, new FlowTestOptions { Only = only, Observe = (world, end, cancel) => LookAsync(files, flow, world, end, made, cancel) }, CancellationToken.None);
        Assert.True(report.Succeeded, Template.Shown(report));
        var one = Assert.Single(made);
        Assert.True(one.Problem is null, $"{one.Problem}\n{one.Test}");
        var notes = one.Notes.Where(n => !Known.Any(k => n.Contains(k, StringComparison.Ordinal))).ToList();
        Assert.True(notes.Count == 0, $"{string.Join("\n", notes)}\n{one.Test}");
        Assert.Contains("runs: { ", one.Test, StringComparison.Ordinal);
        Assert.DoesNotContain("Whitfield", one.Test, StringComparison.Ordinal);
        var again = await FlowTestRunner.RunAsync([.. files.Where(f => !f.Path.EndsWith("tests.yaml", StringComparison.Ordinal)), new SourceText(one.Path, one.Content)], new FlowTestOptions(), CancellationToken.None);
        Assert.True(again.Succeeded && again.Tests.Count == 1, Template.Shown(again));
    }

    private static async Task LookAsync(
        IReadOnlyList<SourceText> files, string flow, TestWorld world, EndState end, ConcurrentQueue<RecordedTest> made, CancellationToken cancellationToken)
    {
        foreach (var (_, row) in end.Runs.Where(r => r.Flow == flow && r.Run.Outcome == RunOutcome.Succeeded).TakeLast(1))
        {
            var journal = await world.Host.View.Runs.ReadJournalAsync(world.Host.Names.Workspace, row.Id, cancellationToken);
            var active = world.Host.Runtime.Registry.All.First(d => d.Flow.Id == flow);
            var run = new RecordedRun(row.Id, flow, row.Trigger, row.RecordId, row.StartedAt, Steps(journal!))
            {
                Input = JsonNode.Parse(journal!)!["input"]?.AsObject(),
                Parameters = new JsonObject(world.Host.Runtime.Registry.All.SelectMany(d => d.Parameters).DistinctBy(p => p.Key).Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Key, JsonNode.Parse(PayloadJson.ToJson(p.Value).GetRawText())))),
                Tables = new JsonObject(world.Host.Runtime.Registry.All.SelectMany(d => d.Tables).DistinctBy(t => t.Key).Select(t => KeyValuePair.Create(t.Key, (JsonNode?)Rows(t.Value)))),
            };
            made.Enqueue(await RecordedTests.MakeAsync(files, run, (connection, entity, field, value, cancel) => ReadAsync(world, active.Flow, connection, entity, field, value, cancel), null, cancellationToken));
        }
    }

    private static JsonNode Rows(object? table)
    {
        var rows = new JsonArray();
        foreach (var row in (IReadOnlyList<object?>)table!)
        {
            var one = JsonNode.Parse(PayloadJson.ToJson(row).GetRawText())!.AsObject();
            foreach (var empty in one.Where(f => f.Value is null).Select(f => f.Key).ToList()) one.Remove(empty);
            rows.Add((JsonNode)one);
        }

        return new JsonObject { ["rows"] = rows };
    }

    private static async Task<IReadOnlyList<JsonObject>> ReadAsync(TestWorld world, CompiledFlow flow, string connection, string entity, string field, string value, CancellationToken cancellationToken)
    {
        var reading = world.Reading(flow.Connections[connection]);
        if (reading.Entity(entity) is not { Queryable: true } known || known.Fields.All(f => f.Name != field)) return [];
        var read = await reading.SomeAsync(known, [.. known.Fields.Where(f => f.Readable && (entity != "Account" || !OfPersons.Contains(f.Name))).Select(f => f.Name)], new FieldCondition(field, Comparison.In, [value]), cancellationToken);
        return read.Succeeded ? [.. read.Value.Select(r => JsonNode.Parse(PayloadJson.ToJson(Redaction.Of(r, known.Fields)).GetRawText())!.AsObject())] : [];
    }

    private static List<RecordedStep> Steps(byte[] journal)
    {
        var told = JsonSerializer.Deserialize<JsonElement>(journal);
        return [.. told.GetProperty("steps").EnumerateArray().Select(s => new RecordedStep(
            Text(s, "step") ?? "", Text(s, "entity"), s.TryGetProperty("ids", out var ids) ? [.. ids.EnumerateArray().Select(i => i.ToString())] : [], Text(s, "did"), Text(s, "id"),
            s.TryGetProperty("fields", out var fields) ? [.. fields.EnumerateObject().Select(f => f.Name)] : []))];
    }

    private static string? Text(JsonElement step, string name) => step.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<SourceText> Files(string template)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(root.FullName, "flows")) || !Directory.Exists(Path.Combine(root.FullName, "engine"))) root = root.Parent!;
        var flows = Path.Combine(root.FullName, "flows");
        return
        [
            .. Directory.EnumerateFiles(Path.Combine(flows, template), "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".yaml" or ".csv" && !f.EndsWith("examples.tests.yaml", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Select(f => new SourceText(Path.GetRelativePath(flows, f), File.ReadAllText(f))),
        ];
    }
}
