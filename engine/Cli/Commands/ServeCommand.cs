using System.CommandLine;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Api;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cli;

/// <summary><c>flow serve</c>: runs a workspace until it is stopped.</summary>
internal static class ServeCommand
{
    public static Command Create(Terminal terminal)
    {
        var workspace = new Option<string>("--workspace") { Description = "The folder with flows/, connections/ and deployments/ (default: this folder)", DefaultValueFactory = _ => "." };
        var db = new Option<string?>("--db") { Description = "A SQLite file, or postgres:CONNECTION_STRING (default: flow.db in the workspace)" };
        var key = new Option<string?>("--key-file") { Description = "The master key's file (default: beside the SQLite file, made at first start)" };
        var urls = new Option<string>("--urls") { Description = $"Addresses to listen on, loopback only (default {ServerOption.Default})", DefaultValueFactory = _ => ServerOption.Default };
        var verbose = new Option<bool>("--verbose") { Description = "Log more" };
        var command = new Command("serve", "Runs a workspace: polls, runs, and serves the API") { workspace, db, key, urls, verbose };
        command.SetAction((parsed, cancel) => RunAsync(
            terminal, parsed.GetValue(workspace)!, parsed.GetValue(db), parsed.GetValue(key), parsed.GetValue(urls)!, parsed.GetValue(verbose), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, string folder, string? db, string? key, string urls, bool verbose, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) throw new UnusableException($"There is no workspace folder '{folder}'.");
        if (!Directory.Exists(Path.Combine(folder, "flows"))) throw new UnusableException($"The workspace '{folder}' has no folder 'flows'.");
        using var logs = ConsoleLogs.Create(terminal, verbose);
        await using var host = await FlowHost.OpenAsync(
            new FlowHostOptions { Connectors = Installed.Connectors, Database = db ?? Path.Combine(folder, "flow.db"), KeyFile = key, Logs = logs, Runtime = new RuntimeOptions { Drain = TimeSpan.FromSeconds(6) } }, cancellationToken).ConfigureAwait(false);
        var runner = new WorkspaceRunner(host, folder, Installed.Connectors, Environment.GetEnvironmentVariable, logs.CreateLogger<WorkspaceRunner>());
        if (!await runner.TakeAsync(cancellationToken).ConfigureAwait(false))
        {
            // A first load that is broken stops the start: there is no last good version to go on with.
            throw new UnusableException($"The workspace '{folder}' has mistakes ({runner.Findings.Count}); they are listed above. Nothing was started.");
        }

        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        await using var server = await ApiServer.StartAsync(host, runner, ServerFiles.Options(urls, logs), cancellationToken).ConfigureAwait(false);
        terminal.Good($"Serving {folder} at {urls}. Stop with Ctrl+C.");
        await runner.FollowAsync(cancellationToken).ConfigureAwait(false);
        terminal.Line("Stopping: runs in memory end or are parked.");
        await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        return ExitCode.Good;
    }
}
