using System.CommandLine;
using System.Text.Json;
using WorkflowEngine.Definitions;
using WorkflowEngine.FlowTesting;

namespace WorkflowEngine.Cli;

/// <summary><c>flow bench PATH</c>: a load made of one of the flow's own tests, through the whole server against both simulators. Exit 0 good, 1 something failed or a file has mistakes, 2 unusable input.</summary>
internal static class BenchCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("PATH") { Description = "A flow, or the folder of a template, with its flow.tests.yaml" };
        var events = Number("--events", "How many copies of the test's events happen (default 1000)", 1000, 1, 100_000);
        var latency = Number("--latency", "Milliseconds before each answer of the simulators (default 40)", 40, 0, 60_000);
        var repeat = Number("--repeat", "How often all is measured, each time from nothing (default 1)", 1, 1, 100);
        var test = new Option<string?>("--test") { Description = "A part of the name of the test the load is made after (default: the first that can serve)" };
        var json = new Option<bool>("--json") { Description = "For scripts: the figures as JSON" };
        var command = new Command("bench", "Measures a flow: many copies of what happens in one of its tests, through the whole server, against both simulators") { path, events, latency, repeat, test, json };
        command.SetAction((parsed, cancel) => RunAsync(
            terminal, parsed.GetValue(path)!, parsed.GetValue(events), parsed.GetValue(latency), parsed.GetValue(repeat), parsed.GetValue(test), parsed.GetValue(json), cancel));
        return command;
    }

    private static Option<int> Number(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var value) && (value < least || value > most)) result.AddError($"{name} must be between {least} and {most}.");
        });
        return option;
    }

    private static async Task<int> RunAsync(Terminal terminal, string path, int events, int latency, int repeat, string? test, bool json, CancellationToken cancellationToken)
    {
        var files = FlowPaths.Read([File.Exists(path) ? Path.GetDirectoryName(Path.GetFullPath(path))! : path]);
        var found = new List<Diagnostic>();
        var (sample, problem) = LoadSample.Choose(files, test, found);
        if (sample is null)
        {
            terminal.Diagnostics(found.Where(d => d.IsError));
            if (found.Exists(d => d.IsError))
            {
                terminal.Problem(problem!);
                return ExitCode.Mistakes;
            }

            throw new UnusableException(problem!);
        }

        var reports = new List<BenchReport>();
        for (var run = 1; run <= repeat; run++)
        {
            var title = $"{sample.Template}: {events} times “{sample.Test}”, each answer after {latency} ms{(repeat == 1 ? "" : $", run {run} of {repeat}")} …";
            if (json) reports.Add(await new BenchStage(sample, events, latency, _ => { }).RunAsync(cancellationToken).ConfigureAwait(false));
            else await terminal.ProgressAsync(title, async progress => reports.Add(await new BenchStage(sample, events, latency, progress).RunAsync(cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        }

        if (json) terminal.Line(JsonSerializer.Serialize(new { median = BenchReport.Median(reports), runs = reports }, Indented));
        else BenchReport.Show(terminal, reports);
        return reports.Exists(r => r.Failures > 0) ? ExitCode.Mistakes : ExitCode.Good;
    }
}
