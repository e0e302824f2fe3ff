using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting;

/// <summary>What a run of tests found.</summary>
/// <param name="Diagnostics">Mistakes in the files; with an error among them no test of that template ran.</param>
/// <param name="Tests">Every test, in the order of the files.</param>
/// <param name="Coverage">Per flow what the tests reached; empty when it was not asked for.</param>
public sealed record FlowTestReport(IReadOnlyList<Diagnostic> Diagnostics, IReadOnlyList<FlowTestResult> Tests, IReadOnlyList<FlowCoverage> Coverage)
{
    /// <summary>From the first file read to the last test judged.</summary>
    public TimeSpan Took { get; init; }

    public int Failed => Tests.Count(t => !t.Passed);

    public bool Succeeded => Tests.All(t => t.Passed) && !Diagnostics.Any(d => d.IsError);
}

/// <summary>One test.</summary>
public sealed record FlowTestResult(string Template, FlowTestDefinition Test, TimeSpan Took, IReadOnlyList<FlowTestFailure> Failures)
{
    public bool Passed => Failures.Count == 0;

    /// <summary>Effect boundaries the engine reached.</summary>
    internal long Boundaries { get; init; }

    /// <summary>How often the engine died at one of the boundaries it was told.</summary>
    internal int Kills { get; init; }

    /// <summary>Records of both systems at the end, where they were counted.</summary>
    internal int Records { get; init; }

    /// <summary>Why deployments were paused on the way, also those that went on by themselves.</summary>
    internal IReadOnlyList<string> Pauses { get; init; } = [];
}

/// <summary>An expectation that did not hold, at its line.</summary>
/// <param name="Place">Where it is written.</param>
/// <param name="Message">What was expected and what was found.</param>
/// <param name="Details">Line by line: the differences, field by field.</param>
public sealed record FlowTestFailure(SourceSpan Place, string Message, IReadOnlyList<string> Details);

/// <summary>What tests reached of a flow.</summary>
public sealed record FlowCoverage(string Flow, string Path, IReadOnlyList<CoverageItem> Items)
{
    public int Covered => Items.Count(i => i.Covered);
}

/// <summary>A branch or a mapping line.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">Its line in the file.</param>
/// <param name="What">In words: <c>account: set Name</c>, <c>inactive: never false</c>.</param>
/// <param name="Covered">A test reached it.</param>
public sealed record CoverageItem(string Path, int Line, string What, bool Covered);
