using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.FlowTesting;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cli;

/// <summary><c>flow run PATH --input FILE</c>: one run of a flow, against the simulators or a workspace's connections; prints what it did.</summary>
internal static class RunCommand
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    public static Command Create(Terminal terminal)
    {
        var path = new Argument<string>("PATH") { Description = "The flow file" };
        var input = new Option<string>("--input") { Description = "A JSON file with the flow's input", Required = true };
        var against = new Option<string>("--against") { Description = "simulators (default) or connections (of --workspace)", DefaultValueFactory = _ => "simulators" };
        against.AcceptOnlyFromAmong("simulators", "connections");
        var workspace = new Option<string>("--workspace") { Description = "The folder whose connections are used (default: this folder)", DefaultValueFactory = _ => "." };
        var parameters = new Option<string[]>("--param") { Description = "A parameter of the flow, NAME=VALUE, as in a deployment file; once for each" };
        var command = new Command("run", "Runs a flow once with an input, and prints its steps and effects") { path, input, against, workspace, parameters };
        command.SetAction((parsed, cancel) => RunAsync(
            terminal, parsed.GetValue(path)!, parsed.GetValue(input)!, parsed.GetValue(against) == "simulators", parsed.GetValue(workspace)!, parsed.GetValue(parameters) ?? [], cancel));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string path, string input, bool simulators, string workspace, IReadOnlyList<string> parameters, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) throw new UnusableException($"There is no flow file '{path}'.");
        var payload = System.Text.Encoding.UTF8.GetBytes(FlowPaths.ReadFile(input).Content);
        var bundle = FlowBundle.Compile(FlowPaths.Read([Path.GetDirectoryName(Path.GetFullPath(path))!]), Installed.Catalog);
        var flow = bundle.Flows.FirstOrDefault(f => Path.GetFullPath(f.Definition.Source.Path) == Path.GetFullPath(path));
        if (flow?.Compiled is not { } compiled)
        {
            terminal.Diagnostics(bundle.Diagnostics.Where(d => d.IsError));
            throw new UnusableException(flow is null ? $"'{path}' holds no flow." : $"The flow has mistakes: it cannot run.");
        }

        await using var twins = simulators ? await OfflineTwins.StartAsync((0, 0), 1, 0, cancellationToken).ConfigureAwait(false) : null;
        var folder = Directory.CreateTempSubdirectory("flow-run-").FullName;
        try
        {
            Func<string, string?> environment = simulators ? OfflineTwins.Variable : Environment.GetEnvironmentVariable;
            var files = WorkspaceFiles.ReadConnections(twins?.Folder ?? workspace);
            var load = WorkspaceLoad.Read(files with { Flows = bundle.Flows.SelectMany(f => f.Sources.Select(s => new SourceText(Path.Combine(Path.GetDirectoryName(path)!, s.Path), s.Content))).DistinctBy(s => s.Path).ToList() }, Installed.Connectors, environment);
            var names = load.Connections.ToDictionary(c => c.Name, c => c.Connector);
            var found = new List<Diagnostic>(load.Diagnostics.Where(d => d.IsError));
            var text = new SourceText("run", $"deployment: run\ntemplate: {flow.Template}\nconnections: {{ {string.Join(", ", compiled.Connections.Select(c => $"{c.Key}: {names.FirstOrDefault(n => n.Value == c.Value).Key ?? c.Key}"))} }}\n{ParameterLines(parameters)}");
            var planned = DeploymentBinder.Bind(DeploymentParser.Parse(text).Value!, bundle, names, environment, found).Where(p => p.Flow.Id == compiled.Id).ToList();
            if (found.Any(d => d.IsError))
            {
                terminal.Diagnostics(found.Where(d => d.IsError));
                throw new UnusableException("The flow cannot be bound: see above.");
            }

            if (twins is not null) OrgFields.Apply(twins.Salesforce, flow.Definition);
            await using var host = await FlowHost.OpenAsync(
                new FlowHostOptions { Connectors = Installed.Connectors, Database = Path.Combine(folder, "run.db"), Environment = environment, Logs = NullLoggerFactory.Instance }, cancellationToken).ConfigureAwait(false);
            var problems = await host.TakeAsync(load with { Deployments = planned }, cancellationToken).ConfigureAwait(false);
            if (problems.Count > 0) throw new UnusableException(string.Join(" ", problems));
            await host.StartWithoutSourcesAsync(cancellationToken).ConfigureAwait(false);
            var answer = await host.RunAsync(host.Workspace(host.Names.Workspace), planned[0].Name, payload, cancellationToken).ConfigureAwait(false);
            if (answer.Problem is { } refused) throw new UnusableException(refused);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Longest);
            await host.Runtime.WaitIdleAsync(limit.Token).ConfigureAwait(false);
            return await ShowAsync(terminal, host, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string ParameterLines(IReadOnlyList<string> parameters)
    {
        if (parameters.Count == 0) return "";
        var wrong = parameters.FirstOrDefault(p => p.IndexOf('=', StringComparison.Ordinal) < 1 || p.Contains('\n', StringComparison.Ordinal));
        if (wrong is not null) throw new UnusableException($"'{wrong}' is no parameter: say --param NAME=VALUE.");
        return "parameters:\n" + string.Concat(parameters.Select(p => p.Split('=', 2)).Select(p => $"  {p[0]}: {p[1]}\n"));
    }

    private static async Task<int> ShowAsync(Terminal terminal, FlowHost host, CancellationToken cancellationToken)
    {
        var runs = await host.View.Runs.ListAsync(new RunFilter { Workspace = host.Names.Workspace }, cancellationToken).ConfigureAwait(false);
        if (runs.Count == 0)
        {
            terminal.Problem("The run waits for a later try; nothing more is told of it here.");
            return ExitCode.Mistakes;
        }

        var run = runs[0];
        terminal.Line($"outcome: {run.Outcome.ToString().ToLowerInvariant()}{(run.Text is null ? "" : $" ({run.Text})")}");
        var effects = await host.View.Runs.EffectsOfRunAsync(host.Names.Workspace, run.Id, cancellationToken).ConfigureAwait(false);
        if (effects.Count > 0) terminal.Table(["step", "did", "record", "fields"], effects.Select(e => (IReadOnlyList<string>)[e.Step, e.Verb, $"{e.Entity} {e.RecordId}", string.Join(", ", e.Fields)]));
        if (await host.View.Runs.ReadJournalAsync(host.Names.Workspace, run.Id, cancellationToken).ConfigureAwait(false) is { } journal)
        {
            terminal.Line(Pretty.Json(JsonSerializer.Deserialize<JsonElement>(journal)));
        }

        return run.Outcome == RunOutcome.Failed ? ExitCode.Mistakes : ExitCode.Good;
    }
}
