using WorkflowEngine.Api;
using WorkflowEngine.Definitions;
using WorkflowEngine.FlowTesting;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Cli;

/// <summary>Tests of flows for the server: the API itself knows no simulator.</summary>
internal static class FlowTester
{
    public static async Task<FlowTestAnswer> RunAsync(IReadOnlyList<StoredFile> files, string? only, bool coverage, CancellationToken cancellationToken)
    {
        var report = await FlowTestRunner.RunAsync([.. files.Select(f => new SourceText(f.Path, f.Content))], new FlowTestOptions { Only = only, Coverage = coverage }, cancellationToken).ConfigureAwait(false);
        return new FlowTestAnswer(
            report.Tests.Count - report.Failed,
            report.Failed,
            [.. report.Diagnostics.Where(d => d.Severity != DiagnosticSeverity.Info).Select(DiagnosticView.Of)],
            [.. report.Tests.Select(t => new FlowTestView(
                t.Template, t.Test.Name.Value, t.Test.Span.Source.Path, t.Test.Name.Span.Start.Line, t.Passed,
                [.. t.Failures.Select(f => new FlowTestFailureView(f.Place.Source.Path, f.Place.Start.Line, f.Place.Start.Column, f.Message, f.Details))]))],
            [.. report.Coverage.Select(c => new FlowCoverageView(c.Flow, c.Path, c.Items.Count, c.Covered, [.. c.Items.Where(i => !i.Covered).Select(i => new MissedView(i.Line, i.What))]))]);
    }
}
