using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;

namespace WorkflowEngine.FlowTesting;

/// <summary>Runs tests of flows: the real compiler, connectors and engine against both simulators, all in this process, on a virtual clock.</summary>
public static class FlowTestRunner
{
    internal static readonly IReadOnlyList<IConnector> Connectors = [new ServiceTitanConnector(), new SalesforceConnector()];

    /// <summary>Runs all tests of all test files among these.</summary>
    /// <param name="files">Flow files with all that belongs to them, and their tests.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<FlowTestReport> RunAsync(IReadOnlyList<SourceText> files, FlowTestOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(options);
        var bundle = FlowBundle.Compile(files, options.Catalog ?? [.. Connectors.Select(c => c.Descriptor)]);
        var logs = options.Logs ?? NullLoggerFactory.Instance;
        using var ground = await SharedGround.MakeAsync(
            new FlowHostOptions { Connectors = Connectors, Database = "", Environment = static _ => null }, cancellationToken).ConfigureAwait(false);
        var found = new List<Diagnostic>(bundle.Diagnostics);
        var clock = Stopwatch.StartNew();
        var wanted = new List<WantedTest>();
        var recorders = new List<(IReadOnlyList<BundledFlow> Flows, CoverageRecorder Recorder)>();
        foreach (var tests in bundle.Tests)
        {
            if (bundle.Flows.FirstOrDefault(f => f.Definition.Flow.Value == tests.Flow.Value && SameFolder(f, tests)) is not { } flow)
            {
                found.Add(FlowTestDiagnostics.UnknownFlow(tests.Flow, bundle.Flows.Where(f => SameFolder(f, tests)).Select(f => f.Definition.Flow.Value)));
                continue;
            }

            var flows = bundle.Flows.Where(f => f.Template == flow.Template && SameFolder(f, tests)).ToList();
            if (flows.Exists(f => f.Compiled is null)) continue;
            var bench = Bench(flow.Template, flows, bundle, ground, logs);
            if (TestFiles.Read(tests, bench, files, found) is not { } read) continue;
            // Several files of tests beside a template are one test of it.
            var recorder = !options.Coverage ? null : recorders.FirstOrDefault(r => r.Flows.Count == flows.Count && r.Flows.All(flows.Contains)).Recorder;
            if (options.Coverage && recorder is null) recorders.Add((flows, recorder = new CoverageRecorder()));
            foreach (var test in tests.Tests)
            {
                if (options.Only is { } only && !test.Name.Value.Contains(only, StringComparison.OrdinalIgnoreCase)) continue;
                wanted.Add(new WantedTest(flow.Template, test, new FlowTestRun(bench, read, test, recorder, options.Trouble) { Observe = options.Observe }));
            }
        }

        var results = await RunAsync(wanted, options, cancellationToken).ConfigureAwait(false);
        options.Left?.Invoke(ground.Folder);
        var coverage = recorders.SelectMany(r => r.Flows.Select(f => CoverageMap.Of(f.Compiled!, f.Definition.Source.Path, r.Recorder))).ToList();
        return new FlowTestReport(found, results, coverage) { Took = clock.Elapsed };
    }

    /// <summary>Each test has systems, an engine, a database and a time of its own, so they run beside each other.</summary>
    private static async Task<IReadOnlyList<FlowTestResult>> RunAsync(List<WantedTest> wanted, FlowTestOptions options, CancellationToken cancellationToken)
    {
        var results = new FlowTestResult[wanted.Count];
        var telling = new Lock();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.AtOnce ?? Environment.ProcessorCount * 3, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, wanted.Count), parallel, async (i, cancel) =>
        {
            var (template, test, run) = wanted[i];
            var clock = Stopwatch.StartNew();
            var failures = await run.RunAsync(cancel).ConfigureAwait(false);
            results[i] = new FlowTestResult(template, test, clock.Elapsed, failures) { Boundaries = run.Boundaries, Kills = run.Kills, Records = run.Records, Pauses = run.Pauses };
            lock (telling) options.Done?.Invoke(results[i]);
        }).ConfigureAwait(false);
        return results;
    }

    private sealed record WantedTest(string Template, FlowTestDefinition Test, FlowTestRun Run);

    internal static bool SameFolder(BundledFlow flow, FlowTestsDefinition tests) =>
        Path.GetDirectoryName(flow.Definition.Source.Path) == Path.GetDirectoryName(tests.Source.Path);

    internal static TestBench Bench(string template, IReadOnlyList<BundledFlow> flows, FlowBundle bundle, SharedGround? ground, ILoggerFactory logs)
    {
        var connections = flows.SelectMany(f => f.Compiled!.Connections).DistinctBy(c => c.Key).ToDictionary(c => c.Key, c => c.Value);
        // What a deployment keeps of its flows is without the tests, as these are about it.
        var kept = flows.Select(f => f with { Sources = [.. f.Sources.Where(s => !s.Path.EndsWith(TestFiles.Ending, StringComparison.Ordinal))] }).ToList();
        var load = new WorkspaceLoad { Connections = TestSettings.All, Deployments = [], Flows = bundle.Only(kept), Diagnostics = [] };
        var entities = Connectors.ToDictionary(
            c => c.Descriptor.Name,
            c => (IReadOnlySet<string>)FlowEntities.Of(c.Descriptor, flows.Select(f => f.Compiled!)).Select(e => e.Name).Concat(c is ServiceTitanConnector ? TenantRecords.Settings : OrgRecords.Settings).ToHashSet(StringComparer.Ordinal));
        return new TestBench(template, flows, connections, entities, load, ground, logs);
    }
}

/// <summary>How tests are run.</summary>
public sealed record FlowTestOptions
{
    /// <summary>Also find out what the tests reach.</summary>
    public bool Coverage { get; init; }

    /// <summary>Only tests whose name holds this; null = all.</summary>
    public string? Only { get; init; }

    /// <summary>How many tests run at once; null = three for each processor, since each waits most of its time.</summary>
    public int? AtOnce { get; init; }

    /// <summary>Told of each test as it ends, one at a time.</summary>
    public Action<FlowTestResult>? Done { get; init; }

    /// <summary>Where the engines of the tests log; null = nowhere.</summary>
    public ILoggerFactory? Logs { get; init; }

    /// <summary>What the connectors are said to have when flows are compiled; null = what they say themselves.</summary>
    internal IReadOnlyList<ConnectorDescriptor>? Catalog { get; init; }

    /// <summary>Looks at what each test left, before it is judged.</summary>
    internal Func<TestWorld, EndState, CancellationToken, Task>? Observe { get; init; }

    /// <summary>Is given the folder with the databases of all tests before it is removed.</summary>
    internal Action<string>? Left { get; init; }

    /// <summary>Trouble beside that of the tests themselves.</summary>
    internal FlowTestTrouble Trouble { get; init; } = new();
}

/// <summary>Trouble that every test of a run must bear without another end.</summary>
internal sealed record FlowTestTrouble
{
    /// <summary>Boundaries at which the engine dies, in order, each counted from the start of the process before.</summary>
    public IReadOnlyList<long> Kills { get; init; } = [];

    /// <summary>How long a new record stays invisible to reads.</summary>
    public TimeSpan LateVisibility { get; init; }

    /// <summary>Count the records at the end.</summary>
    public bool Counts { get; init; }
}
