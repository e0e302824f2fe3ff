using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.FlowTesting;

/// <summary>A test of a flow taken as the pattern of a load: what it gives stands there, what happens in it happens many times.</summary>
public sealed class LoadSample
{
    private static readonly DateTimeOffset DefaultNow = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly TestFiles _files;
    private readonly FlowTestDefinition _test;

    private LoadSample(TestBench bench, TestFiles files, FlowTestDefinition test)
    {
        (Bench, _files, _test) = (bench, files, test);
        Parameters = [.. new[] { test.Given.Parameters, files.Tests.Defaults.Parameters }.SelectMany(p => p).DistinctBy(p => p.Name.Value)];
        Tables = [.. test.Given.Tables, .. files.Tests.Defaults.Tables.Where(t => test.Given.Tables.All(o => o.Name.Value != t.Name.Value))];
    }

    /// <summary>The test's name.</summary>
    public string Test => _test.Name.Value;

    public string Template => Bench.Template;

    /// <summary>The name under which it is deployed: a template without a file of its own is called by its folder, which may be called anything.</summary>
    public string DeployedAs => Template.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_') ? Template : "bench";

    /// <summary>The flow the test is about.</summary>
    public string Flow => _files.Tests.Flow.Value;

    /// <summary>The time at which the test begins.</summary>
    public DateTimeOffset Now => TestWorld.ReadTime(_test.Given.Now ?? _files.Tests.Defaults.Now) ?? DefaultNow;

    /// <summary>The org is one with person accounts.</summary>
    public bool PersonAccounts => Records.Any(r => r.Setup?.Lines.Any(l => l.Name.Value == OrgRecords.PersonAccounts && l.Value is LiteralValue { IsTrue: true }) == true);

    /// <summary>The flows and what belongs to them, without the tests.</summary>
    public IReadOnlyList<BundledSource> Sources => [.. Bench.Load.Flows.Flows.SelectMany(f => f.Sources).DistinctBy(s => s.Path)];

    internal TestBench Bench { get; }

    internal IReadOnlyList<FieldLine> Parameters { get; }

    internal IReadOnlyList<TableDefinition> Tables { get; }

    internal IReadOnlyList<TestEvent> Events => [.. _test.Given.Events];

    /// <summary>What is given: a test's own list of an entity takes the place of the default's.</summary>
    internal IReadOnlyList<TestRecords> Records
    {
        get
        {
            var own = _test.Given.Systems.Select(_files.Records).ToList();
            var all = new List<TestRecords>(own);
            foreach (var records in _files.Tests.Defaults.Systems.Select(_files.Records))
            {
                var replaced = own.Where(o => o.Connection.Value == records.Connection.Value).SelectMany(o => o.Entities).Select(e => e.Entity.Value).ToHashSet();
                all.Insert(0, records with { Entities = [.. records.Entities.Where(e => !replaced.Contains(e.Entity.Value))] });
            }

            return all;
        }
    }

    /// <summary>Chooses the test: the one whose name holds the text, else the first that can serve.</summary>
    /// <param name="files">Flow files with all that belongs to them, and their tests.</param>
    /// <param name="only">A part of the test's name; null = any.</param>
    /// <param name="found">What is wrong with the files.</param>
    /// <returns>The sample, or one sentence why there is none.</returns>
    public static (LoadSample? Sample, string? Problem) Choose(IReadOnlyList<SourceText> files, string? only, List<Diagnostic> found)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(found);
        var bundle = FlowBundle.Compile(files, [.. FlowTestRunner.Connectors.Select(c => c.Descriptor)]);
        found.AddRange(bundle.Diagnostics);
        if (found.Exists(d => d.IsError)) return (null, "The flows have mistakes; they cannot run.");
        string? unfit = null;
        // The file beside the flow that is named after it comes before those of examples.
        foreach (var tests in bundle.Tests.OrderBy(t => Path.GetFileName(t.Source.Path) == "flow.tests.yaml" ? 0 : 1))
        {
            if (bundle.Flows.FirstOrDefault(f => f.Definition.Flow.Value == tests.Flow.Value && FlowTestRunner.SameFolder(f, tests)) is not { } flow) continue;
            var flows = bundle.Flows.Where(f => f.Template == flow.Template && FlowTestRunner.SameFolder(f, tests)).ToList();
            var bench = FlowTestRunner.Bench(flow.Template, flows, bundle, null, NullLoggerFactory.Instance);
            if (TestFiles.Read(tests, bench, files, found) is not { } read) return (null, "The tests have mistakes.");
            foreach (var test in tests.Tests.Where(t => only is null || t.Name.Value.Contains(only, StringComparison.OrdinalIgnoreCase)))
            {
                if (Unfit(test, read) is not { } why) return (new LoadSample(bench, read, test), null);
                unfit ??= $"The test '{test.Name.Value}' cannot be the pattern of a load: {why}";
            }
        }

        return (null, unfit ?? (only is null
            ? "A load is made after a test of the flow, and there is none: write flow.tests.yaml beside the flow, with the records that are there and what happens."
            : $"No test has '{only}' in its name."));
    }

    /// <summary>The deployment's file: everything the test sets, as JSON, which is YAML.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="token">The variable that holds the token of inbound calls; null = none.</param>
    /// <param name="names">Ids for the names of records.</param>
    internal string Deployment(string name, string? token, RecordNames names)
    {
        var file = new JsonObject
        {
            ["deployment"] = name, ["template"] = DeployedAs,
            ["connections"] = new JsonObject(Bench.Connections.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)JsonValue.Create(c.Value)))),
        };
        if (token is not null) file["hookToken"] = new JsonObject { ["env"] = token };
        if (Parameters.Count > 0) file["parameters"] = Lines(names.Resolve(Parameters));
        if (Tables.Count > 0)
        {
            var tables = new JsonObject();
            foreach (var table in names.Resolve(Tables))
            {
                var rows = new JsonArray();
                foreach (var row in table.Rows)
                {
                    var line = Lines(row.Values);
                    line["key"] = VendorJson.Of(row.Key, null);
                    rows.Add(line);
                }

                tables[table.Name.Value] = new JsonObject { ["rows"] = rows };
            }

            file["tables"] = tables;
        }

        return file.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private static JsonObject Lines(IReadOnlyList<FieldLine> lines) => new(lines.Select(l => KeyValuePair.Create(l.Name.Value, VendorJson.Of(l.Value, null))));

    private static string? Unfit(FlowTestDefinition test, TestFiles files)
    {
        if ((test.Given.Deployment ?? files.Tests.Defaults.Deployment) is not null) return "it names a deployment file of its own.";
        if (test.Given.Faults.Count + files.Tests.Defaults.Faults.Count > 0) return "it is about faults.";
        if (test.Given.Events.Any(e => e.Kind == TestEventKind.Delete)) return "people delete records in it.";
        if (test.Expect.DeadLetters.Count > 0) return "it ends in dead letters.";
        return test.Given.Events.Any(e => e.Kind is TestEventKind.Put or TestEventKind.Webhook or TestEventKind.Run) ? null : "nothing happens in it.";
    }
}
