using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Definitions;
using WorkflowEngine.FlowTesting;

namespace WorkflowEngine.Cli;

/// <summary><c>flow test PATH…</c>: runs the tests that stand beside flows. Exit 0 all hold, 1 a test fails or a file has mistakes, 2 unusable input.</summary>
internal static class TestCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Folders with flows and their flow.tests.yaml", Arity = ArgumentArity.OneOrMore };
        var coverage = new Option<bool>("--coverage") { Description = "Also tell which branches and mapping lines no test reaches" };
        var only = new Option<string?>("--only") { Description = "Only tests whose name holds this text" };
        var json = new Option<bool>("--json") { Description = "For scripts: the results as JSON" };
        var fromRun = new Option<string?>("--from-run") { Description = "Make a test of a run that a server keeps: adds it, without anything about a person, to recorded.tests.yaml" };
        var name = new Option<string?>("--name") { Description = "With --from-run: what the test is called" };
        var server = ServerOption.Create();
        var command = new Command("test", "Runs the tests of flows on both simulators, with virtual time") { paths, coverage, only, json, fromRun, name, server };
        command.SetAction((parsed, cancel) => parsed.GetValue(fromRun) is { } run
            ? RecordCommand.RunAsync(terminal, parsed.GetValue(paths)!, run, parsed.GetValue(name), parsed.GetValue(server)!, cancel)
            : RunAsync(terminal, parsed.GetValue(paths)!, parsed.GetValue(coverage), parsed.GetValue(only), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string[] paths, bool coverage, string? only, bool json, CancellationToken cancellationToken)
    {
        // A test may name any file beside it: a single file stands for its folder.
        var files = FlowPaths.Read([.. paths.Select(p => File.Exists(p) ? Path.GetDirectoryName(Path.GetFullPath(p))! : p).Distinct()]);
        var report = await FlowTestRunner.RunAsync(
            files, new FlowTestOptions { Coverage = coverage, Only = only, Done = json ? null : result => Show(terminal, result) }, cancellationToken).ConfigureAwait(false);
        if (report.Tests.Count == 0 && report.Diagnostics.All(d => !d.IsError))
        {
            throw new UnusableException(only is null
                ? $"There is no test in {string.Join(", ", paths)}: tests stand beside their flow in flow.tests.yaml."
                : $"No test in {string.Join(", ", paths)} has '{only}' in its name.");
        }

        if (json) terminal.Line(JsonSerializer.Serialize(Json(report), Indented));
        else Show(terminal, report);
        return report.Succeeded ? ExitCode.Good : ExitCode.Mistakes;
    }

    private static void Show(Terminal terminal, FlowTestResult result)
    {
        if (result.Passed)
        {
            terminal.Line($"ok    {result.Template}: {result.Test.Name.Value} ({Seconds(result.Took)} s)");
            return;
        }

        terminal.Problem($"FAILS {result.Template}: {result.Test.Name.Value} ({Seconds(result.Took)} s)");
        foreach (var failure in result.Failures)
        {
            terminal.Problem($"  {failure.Place}: {failure.Message}");
            foreach (var detail in failure.Details) terminal.Line("      " + detail);
        }
    }

    private static void Show(Terminal terminal, FlowTestReport report)
    {
        terminal.Diagnostics(report.Diagnostics.Where(d => d.Severity != DiagnosticSeverity.Info));
        foreach (var flow in report.Coverage)
        {
            foreach (var item in flow.Items.Where(i => !i.Covered)) terminal.Line($"{flow.Path}:{item.Line}: not reached: {item.What}");
        }

        if (report.Coverage.Count > 0)
        {
            terminal.Table(["flow", "branches and lines", "reached"], report.Coverage.Select(c => (IReadOnlyList<string>)
                [c.Flow, c.Items.Count.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"{c.Covered} ({(c.Items.Count == 0 ? 100 : 100.0 * c.Covered / c.Items.Count):0.#} %)")]));
        }

        var text = $"{report.Tests.Count} {(report.Tests.Count == 1 ? "test" : "tests")}: {report.Tests.Count - report.Failed} passed, {report.Failed} failed, {Seconds(report.Took)} s.";
        if (report.Succeeded) terminal.Good(text);
        else terminal.Problem(text);
    }

    private static object Json(FlowTestReport report) => new
    {
        passed = report.Tests.Count - report.Failed,
        failed = report.Failed,
        diagnostics = report.Diagnostics.Where(d => d.Severity != DiagnosticSeverity.Info).Select(d => new { code = d.Code, severity = DiagnosticRenderer.Word(d.Severity), path = d.Path, line = d.Position.Line, column = d.Position.Column, message = d.Message, hint = d.Hint }),
        tests = report.Tests.Select(t => new
        {
            template = t.Template,
            name = t.Test.Name.Value,
            path = t.Test.Span.Source.Path,
            line = t.Test.Name.Span.Start.Line,
            passed = t.Passed,
            milliseconds = Math.Round(t.Took.TotalMilliseconds),
            failures = t.Failures.Select(f => new { path = f.Place.Source.Path, line = f.Place.Start.Line, column = f.Place.Start.Column, message = f.Message, details = f.Details }),
        }),
        coverage = report.Coverage.Select(c => new
        {
            flow = c.Flow, path = c.Path, items = c.Items.Count, covered = c.Covered, missed = c.Items.Where(i => !i.Covered).Select(i => new { line = i.Line, what = i.What }),
        }),
    };

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
}
