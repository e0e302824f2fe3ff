using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using WorkflowEngine.FlowTesting;

namespace WorkflowEngine.Cli;

/// <summary><c>flow mutate PATH…</c>: which mistakes the tests of flows would not see. Exit 0 enough are seen, 1 too few or the tests fail, 2 unusable input.</summary>
internal static class MutateCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create(Terminal terminal)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Folders with flows and their flow.tests.yaml", Arity = ArgumentArity.OneOrMore };
        var least = new Option<double>("--at-least") { Description = "Percent that must be seen in each template, else exit 1 (default 0)" };
        var json = new Option<bool>("--json") { Description = "For scripts: the results as JSON" };
        least.Validators.Add(result =>
        {
            if (result.GetValue(least) is < 0 or > 100) result.AddError("--at-least is a percentage from 0 to 100.");
        });
        var command = new Command("mutate", "Puts mistakes into flows one by one (a line left out, two exchanged, a condition turned round) and tells which their tests do not see") { paths, least, json };
        command.SetAction((parsed, cancel) => RunAsync(terminal, parsed.GetValue(paths)!, parsed.GetValue(least), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string[] paths, double least, bool json, CancellationToken cancellationToken)
    {
        var files = FlowPaths.Read([.. paths.Select(p => File.Exists(p) ? Path.GetDirectoryName(Path.GetFullPath(p))! : p).Distinct()]);
        MutationReport? report = null;
        await (json
            ? Work(_ => { })
            : terminal.ProgressAsync("The tests are run with one mistake after the other in the flows.", Work)).ConfigureAwait(false);
        var templates = report!.Mutants.GroupBy(m => m.Template).Select(g => (Name: g.Key, Mutants: g.ToList(), Score: 100 * report.Score(g.Key))).ToList();
        if (report.Tests.Tests.Count == 0 && report.Tests.Diagnostics.All(d => !d.IsError)) throw new UnusableException($"There is no test in {string.Join(", ", paths)}: tests stand beside their flow in flow.tests.yaml.");
        if (json)
        {
            terminal.Line(JsonSerializer.Serialize(
                new
                {
                    testsPass = report.Tests.Succeeded,
                    templates = templates.Select(t => new { template = t.Name, percent = Math.Round(t.Score, 1), killed = Count(t.Mutants, MutantFate.Killed), survived = Count(t.Mutants, MutantFate.Survived), refused = Count(t.Mutants, MutantFate.Refused) }),
                    survivors = report.Mutants.Where(m => m.Fate == MutantFate.Survived).Select(m => new { path = m.Path, line = m.Line, what = m.What }),
                },
                Indented));
        }
        else
        {
            terminal.Diagnostics(report.Tests.Diagnostics.Where(d => d.IsError));
            foreach (var mutant in report.Mutants.Where(m => m.Fate == MutantFate.Survived)) terminal.Line($"{mutant.Path}:{mutant.Line}: not seen: {mutant.What}");
            terminal.Table(
                ["template", "mistakes", "refused by the check", "seen by a test", "not seen", "seen"],
                templates.Select(t => (IReadOnlyList<string>)
                [
                    t.Name, Text(t.Mutants.Count), Text(Count(t.Mutants, MutantFate.Refused)), Text(Count(t.Mutants, MutantFate.Killed)), Text(Count(t.Mutants, MutantFate.Survived)),
                    string.Create(CultureInfo.InvariantCulture, $"{t.Score:0.0} %"),
                ]));
        }

        if (!report.Tests.Succeeded)
        {
            terminal.Problem($"{report.Tests.Failed} tests fail over the flows as they are, so they say nothing about mistakes. Run 'flow test' first.");
            return ExitCode.Mistakes;
        }

        var few = templates.Where(t => t.Score < least).ToList();
        foreach (var (name, _, score) in few) terminal.Problem(string.Create(CultureInfo.InvariantCulture, $"{name}: {score:0.0} % of the mistakes are seen, {least:0.#} % are asked."));
        return few.Count == 0 ? ExitCode.Good : ExitCode.Mistakes;

        async Task Work(Action<string> say)
        {
            var (tried, missed) = (0, 0);
            report = await MutationRunner.RunAsync(
                files,
                mutant =>
                {
                    tried++;
                    if (mutant.Fate == MutantFate.Survived) missed++;
                    say(string.Create(CultureInfo.InvariantCulture, $"{mutant.Template}: {tried} mistakes tried, {missed} not seen"));
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private static int Count(List<MutationResult> mutants, MutantFate fate) => mutants.Count(m => m.Fate == fate);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
