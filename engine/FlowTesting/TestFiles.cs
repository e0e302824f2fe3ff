using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting;

/// <summary>A file of tests with the files it names, checked against the flows beside it.</summary>
internal sealed class TestFiles
{
    /// <summary>How the names of files of tests end.</summary>
    public const string Ending = ".tests.yaml";

    private readonly Dictionary<string, TestRecords> _records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeploymentDefinition> _deployments = new(StringComparer.Ordinal);
    private readonly FlowTestsDefinition _tests;
    private readonly IReadOnlyList<SourceText> _files;
    private readonly TestBench _bench;
    private readonly List<Diagnostic> _found = [];

    private TestFiles(FlowTestsDefinition tests, TestBench bench, IReadOnlyList<SourceText> files) => (_tests, _bench, _files) = (tests, bench, files);

    public FlowTestsDefinition Tests => _tests;

    /// <summary>Null when there is a mistake.</summary>
    public static TestFiles? Read(FlowTestsDefinition tests, TestBench bench, IReadOnlyList<SourceText> files, List<Diagnostic> found)
    {
        var result = new TestFiles(tests, bench, files);
        result.Check(tests.Defaults);
        foreach (var test in tests.Tests)
        {
            result.Check(test.Given);
            foreach (var records in test.Expect.Systems) result.Connection(records);
        }

        found.AddRange(result._found);
        return result._found.Exists(d => d.IsError) ? null : result;
    }

    /// <summary>The records of one system, those of its file where it names one.</summary>
    public TestRecords Records(TestRecords given) => given.File is { } file ? _records[file.Value] with { Connection = given.Connection } : given;

    public DeploymentDefinition? Deployment(Located<string>? file) => file is null ? null : _deployments.GetValueOrDefault(file.Value);

    private void Check(TestGiven given)
    {
        if (given.Now is { } now && TestWorld.ReadTime(now) is null) _found.Add(FlowTestDiagnostics.BadTime(now));
        if (given.Deployment is { } deployment && !_deployments.ContainsKey(deployment.Value) && Source(deployment) is { } text)
        {
            var parsed = DeploymentParser.Parse(text);
            _found.AddRange(parsed.Diagnostics);
            if (parsed.Value is { } value) _deployments[deployment.Value] = value;
        }

        foreach (var records in given.Systems)
        {
            if (records.File is { } file && !_records.ContainsKey(file.Value) && Source(file) is { } source)
            {
                var parsed = TestsParser.ParseRecords(source, records.Connection);
                _found.AddRange(parsed.Diagnostics);
                if (parsed.Value is { } value) _records[file.Value] = value;
            }

            Connection(records);
        }

        var steps = _bench.Flows.SelectMany(f => f.Compiled!.Instructions).Select(i => i.Step.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var fault in given.Faults)
        {
            if (!steps.Contains(fault.Step.Value)) _found.Add(FlowTestDiagnostics.UnknownStep(fault.Step, steps.Where(s => !s.Contains(':'))));
        }
    }

    private void Connection(TestRecords records)
    {
        if (!_bench.Connections.TryGetValue(records.Connection.Value, out var connector))
        {
            _found.Add(FlowTestDiagnostics.UnknownConnection(records.Connection, _bench.Connections.Keys));
            return;
        }

        var known = _bench.Entities[connector];
        foreach (var entity in records.Entities)
        {
            if (!known.Contains(entity.Entity.Value)) _found.Add(FlowTestDiagnostics.UnknownEntity(entity.Entity, records.Connection.Value));
        }
    }

    private SourceText? Source(Located<string> file)
    {
        var folder = Path.GetDirectoryName(_tests.Source.Path) ?? "";
        var path = Path.GetFullPath(Path.Combine(folder, file.Value));
        if (_files.FirstOrDefault(f => Path.GetFullPath(f.Path) == path) is { } found) return found;
        _found.Add(FlowTestDiagnostics.UnknownFile(file, folder));
        return null;
    }
}
