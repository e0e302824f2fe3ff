namespace WorkflowEngine.Api;

/// <summary>Flow files with their tests.</summary>
/// <param name="Files">The template's files, <c>*.tests.yaml</c> and fixtures among them.</param>
/// <param name="Only">Only tests whose name holds this text; null = all.</param>
/// <param name="Coverage">Also tell which branches and lines no test reaches.</param>
public sealed record FlowTestBody(IReadOnlyList<FileView>? Files, string? Only, bool? Coverage);

/// <summary>What the tests found.</summary>
/// <param name="Passed">Tests that hold.</param>
/// <param name="Failed">Tests that do not.</param>
/// <param name="Diagnostics">Mistakes in the files; with an error among them no test of that template ran.</param>
/// <param name="Tests">Every test, in the order of the files.</param>
/// <param name="Coverage">Per flow; empty when it was not asked for.</param>
public sealed record FlowTestAnswer(int Passed, int Failed, IReadOnlyList<DiagnosticView> Diagnostics, IReadOnlyList<FlowTestView> Tests, IReadOnlyList<FlowCoverageView> Coverage);

/// <summary>One test.</summary>
public sealed record FlowTestView(string Template, string Name, string Path, int Line, bool Passed, IReadOnlyList<FlowTestFailureView> Failures);

/// <summary>An expectation that did not hold, where it is written.</summary>
public sealed record FlowTestFailureView(string Path, int Line, int Column, string Message, IReadOnlyList<string> Details);

/// <summary>What tests reached of a flow.</summary>
public sealed record FlowCoverageView(string Flow, string Path, int Items, int Covered, IReadOnlyList<MissedView> Missed);

/// <summary>A branch or a line that no test reaches.</summary>
public sealed record MissedView(int Line, string What);
