using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Api;
using WorkflowEngine.Cluster;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cli;

/// <summary><c>flow serve</c>: runs a workspace until it is stopped.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    private static readonly TimeSpan LastLanes = TimeSpan.FromSeconds(2);

    public static Command Create(Terminal terminal)
    {
        var command = new Command(Name, "Runs a workspace: polls, runs, and serves the API. Settings come from --config FILE, above it from FLOW_SERVER_… variables, above both from these options");
        var settings = new ServerOptions(command, ServerTable.All);
        var show = new Option<bool>("--show-config") { Description = "Only show which settings hold and who said them" };
        var json = new Option<bool>("--json") { Description = "With --show-config: for scripts" };
        command.Options.Add(show);
        command.Options.Add(json);
        command.SetAction((parsed, cancel) =>
        {
            var said = settings.Read(parsed);
            var checkedSettings = ServerSettings.OfServer(said);
            if (parsed.GetValue(show)) SettingsView.Show(terminal, said, parsed.GetValue(json));
            if (said.Mistakes.Count > 0) return Task.FromResult(Refuse(terminal, said));
            return parsed.GetValue(show) ? Task.FromResult(ExitCode.Good) : RunAsync(terminal, checkedSettings, cancel);
        });
        return command;
    }

    /// <summary>All mistakes at once, and nothing was started.</summary>
    public static int Refuse(Terminal terminal, SettingsReader said)
    {
        foreach (var mistake in said.Told()) terminal.Problem(mistake);
        terminal.Problem(said.Mistakes.Count == 1 ? "One setting is wrong. Nothing was started." : $"{said.Mistakes.Count} settings are wrong. Nothing was started.");
        return ExitCode.Unusable;
    }

    private static async Task<int> RunAsync(Terminal terminal, ServerSettings settings, CancellationToken cancellationToken)
    {
        var (folder, urls, access) = (settings.Folder, settings.Urls, settings.Access);
        var ownership = settings.Cluster is null ? null : new LaneOwnership(TimeProvider.System);
        using var logs = ConsoleLogs.Create(terminal, settings.LogLevel, settings.JsonLogs, settings.Otlp);
        // Compiling the flows and opening the database each take a good part of the start, and neither needs the other.
        var ahead = folder is null ? null : Task.Run(() => WorkspaceReading.Of(folder, Installed.Connectors, Environment.GetEnvironmentVariable), cancellationToken);
        await using var host = await FlowHost.OpenAsync(
            new FlowHostOptions
            {
                Connectors = Installed.Connectors, Database = settings.Database, KeyFile = settings.KeyFile, MasterKey = settings.MasterKey, Logs = logs, MostDatabaseBytes = settings.MostDatabaseBytes,
                Runtime = settings.Runtime, Time = FollowedClock.Of(cancellationToken), Ownership = ownership ?? (IOwnership)new EmbeddedOwnership(),
            },
            cancellationToken).ConfigureAwait(false);
        await using var entered = ConnectionText.IsServer(settings.Database) ? await EnterAsync(host, ownership is not null, cancellationToken).ConfigureAwait(false) : null;
        var runner = new WorkspaceRunner(host, folder, Installed.Connectors, Environment.GetEnvironmentVariable, logs.CreateLogger<WorkspaceRunner>()) { Ahead = ahead };
        if (!await runner.TakeAsync(cancellationToken).ConfigureAwait(false))
        {
            // A first load that is broken stops the start: there is no last good version to go on with.
            throw new UnusableException($"The workspace '{folder}' has mistakes ({runner.Findings.Count}); they are listed above. Nothing was started.");
        }

        var options = ServerFiles.Options(urls, logs) with { Access = access, AllowPrivate = settings.AllowPrivate, Otlp = settings.Otlp, Certificate = settings.Certificate };
        await using var server = await ApiServer.StartAsync(host, runner, options, cancellationToken).ConfigureAwait(false);
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        await using var node = ownership is null ? null : await JoinAsync(settings.Cluster!, ownership, host, logs, cancellationToken).ConfigureAwait(false);
        if (access.Keys && access.Oidc is null && !await host.Settings.AccessKeys.AnyAsync(cancellationToken).ConfigureAwait(false))
        {
            terminal.Problem("There is no API key yet, so nobody can call. Stop the server and make the first one with the same settings: flow keys add --name NAME --role admin");
        }

        terminal.Good($"Serving {folder ?? "what the API keeps"} at {urls}. Stop with Ctrl+C.");
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.Worn);
        _ = node?.Expelled.ContinueWith(_ => ends.Cancel(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await runner.FollowAsync(ends.Token).ConfigureAwait(false);
        terminal.Line("Stopping: runs in memory end or are parked.");
        await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (node is not null) await LeaveAsync(node, host, settings.Runtime.Drain).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested) return ExitCode.Good;
        terminal.Problem(node is { Expelled.IsCompleted: true } ? "The other servers took this one for dead and go on with its work. Start it again; the log says since when." : "Two expressions did not come back, and each holds a thread until the process ends. Start the server again; the log names them.");
        return ExitCode.StartAgain;
    }

    /// <summary>A server that runs alone takes all work for its own: beside others everything would be done twice.</summary>
    private static async Task<IAsyncDisposable> EnterAsync(FlowHost host, bool asOneOfSeveral, CancellationToken cancellationToken) =>
        await host.Leases.EnterAsync(asOneOfSeveral, cancellationToken).ConfigureAwait(false) ?? throw new UnusableException(
            asOneOfSeveral
                ? "A server that runs alone uses this database. Stop it, or start it with --cluster too. Nothing was started."
                : "Another server uses this database. Servers that share one are started with --cluster, each of them. Nothing was started.");

    private static async Task<ClusterNode> JoinAsync(ClusterOptions cluster, LaneOwnership ownership, FlowHost host, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        try
        {
            return await ClusterNode.JoinAsync(cluster, ownership, host.Leases, host.Runtime, host.Budgets, logs, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException || e.InnerException is SocketException)
        {
            throw new UnusableException($"The port for the other servers, {cluster.Listen ?? new IPEndPoint(cluster.Address, cluster.Port)}, cannot be used: {e.Message.TrimEnd('.')}. Choose another with --node-port (and --node-listen), or stop what uses it.");
        }
    }

    /// <summary>Lanes go to the others as their runs end; those that are left are parked, and their lanes go then.</summary>
    private static async Task LeaveAsync(ClusterNode node, FlowHost host, TimeSpan drain)
    {
        await node.LeaveAsync(drain).ConfigureAwait(false);
        await host.Runtime.StopAsync().ConfigureAwait(false);
        await node.LeaveAsync(LastLanes).ConfigureAwait(false);
    }
}
