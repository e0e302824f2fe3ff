using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.FlowTesting;

/// <summary>
/// Makes a test out of a run: its records, without anything about a person, as what stood there before; the change that began it as the event; and what the flow does with them
/// here as what is expected. The test is run before it is handed out, and what it does otherwise than the recorded run did is told.
/// </summary>
public static class RecordedTests
{
    /// <summary>A file of its own: what other tests are given by default is not what the run found.</summary>
    private const string FileName = "recorded.tests.yaml";

    /// <summary>Makes the test.</summary>
    /// <param name="files">The template's files.</param>
    /// <param name="run">The run.</param>
    /// <param name="read">Reads records as they are now.</param>
    /// <param name="name">The test's name; null = made of what the run did.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<RecordedTest> MakeAsync(IReadOnlyList<SourceText> files, RecordedRun run, RecordedRecords read, string? name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(read);
        var bundle = FlowBundle.Compile(files, [.. FlowTestRunner.Connectors.Select(c => c.Descriptor)]);
        if (bundle.Flows.FirstOrDefault(f => f.Definition.Flow.Value == run.Flow) is not { } flow) return No($"These files have no flow '{run.Flow}', which the run is of.");
        if (flow.Compiled is not { } compiled) return No($"The flow '{run.Flow}' has mistakes; 'flow check' names them.");
        var trigger = run.Record is null ? null : compiled.Triggers.FirstOrDefault(t => t.Id == run.Trigger && t.Entity is not null);
        if (trigger is null && run.Input is null)
        {
            return No($"The run was begun by '{run.Trigger}', neither by the change of a record nor by hand, or what it was given was too large to be kept: no test can be made of it.");
        }

        var world = new RecordedWorld(compiled, run, read);
        await world.ReadAsync(trigger, cancellationToken).ConfigureAwait(false);
        if (trigger is not null && world.Records.All(r => r.Id != run.Record)) return No($"{trigger.Entity!.Name} {run.Record}, whose change began the run, is gone or cannot be read.");
        var redactor = new Redactor(world.Ids, string.Join("\n", bundle.Flows.Where(f => f.Template == flow.Template).Select(f => f.Definition.Source.Content)));
        var records = world.Records.Select(r => r with { Fields = Redacted(r, redactor) }).ToList();
        if (trigger is null) run = run with { Input = (JsonObject?)redactor.Of(run.Input, compiled.Input) };
        name ??= $"run {run.Id}: {trigger?.Entity!.Name ?? run.Trigger} {string.Join(", ", run.Steps.Where(s => s.Did is not null and not "called").Select(s => $"{s.Entity} {s.Did}").Distinct())}";
        var given = Given([.. bundle.Flows.Where(f => f.Template == flow.Template).Select(f => f.Compiled).OfType<CompiledFlow>()], run, records);
        var tests = bundle.Tests.FirstOrDefault(t => t.Flow.Value == run.Flow && FlowTestRunner.SameFolder(flow, t) && Path.GetFileName(t.Source.Path) == FileName);
        var path = tests?.Source.Path ?? Path.Combine(Path.GetDirectoryName(flow.Definition.Source.Path) ?? "", FileName);
        var before = tests?.Source.Content.TrimEnd() ?? $"flow: {run.Flow}\ntests:";

        var seen = new Observed(run, compiled);
        var bare = await RunAsync(files, run, path, before, Entry(name, given, "    expect: { runs: { } }\n"), seen, cancellationToken).ConfigureAwait(false);
        if (!seen.Looked) return No($"The test does not run: {string.Join(" ", bare)}");
        foreach (var repeat in new[] { "      repeat: noChange\n", "" })
        {
            var test = Entry(name, given, "    expect:\n" + seen.Expect() + repeat);
            var failures = await RunAsync(files, run, path, before, test, null, cancellationToken).ConfigureAwait(false);
            if (failures.Count == 0)
            {
                List<string> notes = [.. world.Notes, .. seen.Differences()];
                if (run.Input is not null && TestText.Of(run.Input).Contains(Redaction.Hidden, StringComparison.Ordinal)) notes.Add($"What the run was handed is told without its texts and numbers: write them in place of {Redaction.Hidden}.");
                if (repeat.Length == 0) notes.Add("'repeat: noChange' is left out: the same change once more does change something.");
                return new RecordedTest { Path = path, Test = test, Content = before + "\n\n" + test, Notes = notes };
            }

            bare = failures;
        }

        return No($"The test does not hold what it did a moment before: {string.Join(" ", bare)}") with { Test = Entry(name, given, "    expect:\n" + seen.Expect()) };
    }

    private static RecordedTest No(string problem) => new() { Problem = problem };

    private static JsonObject Redacted(RecordedWorld.Found record, Redactor redactor)
    {
        var told = new JsonObject();
        foreach (var (field, value) in record.Fields)
        {
            told[field] = field == record.Entity.IdField ? value?.DeepClone() : redactor.Of(value, record.Entity.Fields.FirstOrDefault(f => f.Name == field)?.Type);
        }

        return told;
    }

    /// <summary>What hangs on the changed record cannot stand there before it: it comes with it.</summary>
    private static string Given(IReadOnlyList<CompiledFlow> flows, RecordedRun run, IReadOnlyList<RecordedWorld.Found> records)
    {
        var begun = records.FirstOrDefault(r => r.Id == run.Record);
        var late = new HashSet<RecordedWorld.Found>();
        if (begun is not null) late.Add(begun);
        while (records.FirstOrDefault(r => !late.Contains(r) && late.Any(l => r.HangsOn(l.Id))) is { } next) late.Add(next);
        var text = new StringBuilder();
        text.Append("      now: ").Append(run.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)).Append('\n');
        var parameters = run.Parameters?.Where(p => flows.SelectMany(f => f.Parameters).Any(q => q.Name == p.Key)).ToList() ?? [];
        if (parameters.Count > 0) text.Append("      parameters: ").Append(TestText.Of(new JsonObject(parameters.Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))))).Append('\n');
        var tables = run.Tables?.Where(t => flows.SelectMany(f => f.Tables).Any(q => q.Name == t.Key)).ToList() ?? [];
        if (tables.Count > 0) text.Append("      tables: ").Append(TestText.Of(new JsonObject(tables.Select(t => KeyValuePair.Create(t.Key, t.Value?.DeepClone()))))).Append('\n');
        TestText.Records(text, "      ", records.Where(r => !late.Contains(r) || r.LeftFields is not null).Select(r => (r.Connection, r.Entity.Name, r.GivenFields)));
        text.Append("      events:\n");
        foreach (var left in records.Where(r => r.LeftFields is not null && (r == begun || !late.Contains(r))).OrderBy(r => r == begun ? 1 : 0))
        {
            text.Append("        - ").Append(left.Entity.Name).Append(": ").Append(TestText.Of(left.LeftFields)).Append('\n');
        }

        if (begun is null) text.Append("        - { run: ").Append(run.Flow).Append(", with: ").Append(TestText.Of(run.Input)).Append(" }\n");
        foreach (var record in late.Where(r => r.LeftFields is null).OrderBy(r => r == begun ? 0 : 1)) text.Append("        - ").Append(record.Entity.Name).Append(": ").Append(TestText.Of(record.Fields)).Append('\n');
        return text.ToString();
    }

    private static string Entry(string name, string given, string expect) => $"  - name: {TestText.Text(name)}\n    given:\n{given}{expect}";

    /// <summary>Runs the one test in its file; what it says against it.</summary>
    private static async Task<IReadOnlyList<string>> RunAsync(
        IReadOnlyList<SourceText> files, RecordedRun run, string path, string before, string test, Observed? seen, CancellationToken cancellationToken)
    {
        List<SourceText> all = [.. files.Where(f => f.Path != path), new SourceText(path, before + "\n\n" + test)];
        var bundle = FlowBundle.Compile(all, [.. FlowTestRunner.Connectors.Select(c => c.Descriptor)]);
        var tests = bundle.Tests.FirstOrDefault(t => t.Source.Path == path);
        if (tests is null || bundle.Diagnostics.Any(d => d.IsError)) return [.. bundle.Diagnostics.Where(d => d.IsError).Select(d => d.ToString())];
        var flow = bundle.Flows.First(f => f.Definition.Flow.Value == run.Flow);
        using var ground = await SharedGround.MakeAsync(new FlowHostOptions { Connectors = FlowTestRunner.Connectors, Database = "", Environment = static _ => null }, cancellationToken).ConfigureAwait(false);
        var bench = FlowTestRunner.Bench(flow.Template, [.. bundle.Flows.Where(f => f.Template == flow.Template && FlowTestRunner.SameFolder(f, tests))], bundle, ground, NullLoggerFactory.Instance);
        var found = new List<Diagnostic>();
        if (TestFiles.Read(tests, bench, all, found) is not { } read) return [.. found.Select(d => d.ToString())];
        var one = new FlowTestRun(bench, read, tests.Tests[^1], null, new FlowTestTrouble()) { Observe = seen is null ? null : seen.LookAsync };
        return [.. (await one.RunAsync(cancellationToken).ConfigureAwait(false)).Select(f => $"{f.Message} {string.Join(" ", f.Details)}".TrimEnd())];
    }
}
