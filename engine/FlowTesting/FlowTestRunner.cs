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
        var bundle = FlowBundle.Compile(files, [.. Connectors.Select(c => c.Descriptor)]);
        var logs = options.Logs ?? NullLoggerFactory.Instance;
        using var database = await EmptyDatabase.MakeAsync(
            new FlowHostOptions { Connectors = Connectors, Database = "", Environment = static _ => null }, cancellationToken).ConfigureAwait(false);
        var found = new List<Diagnostic>(bundle.Diagnostics);
        var results = new List<FlowTestResult>();
        var coverage = new List<FlowCoverage>();
        foreach (var tests in bundle.Tests)
        {
            if (bundle.Flows.FirstOrDefault(f => f.Definition.Flow.Value == tests.Flow.Value && SameFolder(f, tests)) is not { } flow)
            {
                found.Add(FlowTestDiagnostics.UnknownFlow(tests.Flow, bundle.Flows.Where(f => SameFolder(f, tests)).Select(f => f.Definition.Flow.Value)));
                continue;
            }

            var flows = bundle.Flows.Where(f => f.Template == flow.Template && SameFolder(f, tests)).ToList();
            if (flows.Exists(f => f.Compiled is null)) continue;
            var bench = Bench(flow.Template, flows, bundle, database, logs);
            if (TestFiles.Read(tests, bench, files, found) is not { } read) continue;
            var recorder = options.Coverage ? new CoverageRecorder() : null;
            foreach (var test in tests.Tests)
            {
                if (options.Only is { } only && !test.Name.Value.Contains(only, StringComparison.OrdinalIgnoreCase)) continue;
                var clock = Stopwatch.StartNew();
                var failures = await new FlowTestRun(bench, read, test, recorder).RunAsync(cancellationToken).ConfigureAwait(false);
                var result = new FlowTestResult(flow.Template, test, clock.Elapsed, failures);
                results.Add(result);
                options.Done?.Invoke(result);
            }

            if (recorder is not null) coverage.AddRange(flows.Select(f => CoverageMap.Of(f.Compiled!, f.Definition.Source.Path, recorder)));
        }

        return new FlowTestReport(found, results, coverage);
    }

    internal static bool SameFolder(BundledFlow flow, FlowTestsDefinition tests) =>
        Path.GetDirectoryName(flow.Definition.Source.Path) == Path.GetDirectoryName(tests.Source.Path);

    internal static TestBench Bench(string template, IReadOnlyList<BundledFlow> flows, FlowBundle bundle, EmptyDatabase database, ILoggerFactory logs)
    {
        var connections = flows.SelectMany(f => f.Compiled!.Connections).DistinctBy(c => c.Key).ToDictionary(c => c.Key, c => c.Value);
        var load = new WorkspaceLoad { Connections = TestSettings.All, Deployments = [], Flows = bundle.Only(flows), Diagnostics = [] };
        var entities = Connectors.ToDictionary(
            c => c.Descriptor.Name, c => (IReadOnlySet<string>)FlowEntities.Of(c.Descriptor, flows.Select(f => f.Compiled!)).Select(e => e.Name).ToHashSet(StringComparer.Ordinal));
        return new TestBench(template, flows, connections, entities, load, database, logs);
    }
}

/// <summary>How tests are run.</summary>
public sealed record FlowTestOptions
{
    /// <summary>Also find out what the tests reach.</summary>
    public bool Coverage { get; init; }

    /// <summary>Only tests whose name holds this; null = all.</summary>
    public string? Only { get; init; }

    /// <summary>Told of each test as it ends.</summary>
    public Action<FlowTestResult>? Done { get; init; }

    /// <summary>Where the engines of the tests log; null = nowhere.</summary>
    public ILoggerFactory? Logs { get; init; }
}
