using System.CommandLine;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Api;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cli;

/// <summary><c>flow serve</c>: runs a workspace until it is stopped.</summary>
internal static class ServeCommand
{
    private static readonly Option<string?> Workspace = new("--workspace") { Description = "The folder with flows/, connections/ and deployments/ (default: this folder)" };
    private static readonly Option<bool> ApiOnly = new("--api-only") { Description = "Follow no folder: run what was deployed through the API" };
    private static readonly Option<string?> Db = new("--db") { Description = "A SQLite file, or postgres:CONNECTION_STRING (default: flow.db in the workspace)" };
    private static readonly Option<double?> MostDb = new("--db-limit") { Description = "The SQLite file grows to this many GB at most (default: as far as the disk)" };
    private static readonly Option<string?> Key = new("--key-file") { Description = "The master key's file (default: beside the SQLite file, made at first start)" };
    private static readonly Option<string> Urls = new("--urls") { Description = $"Addresses to listen on; loopback only unless --auth says how callers prove who they are (default {ServerOption.Default})", DefaultValueFactory = _ => ServerOption.Default };
    private static readonly Option<string[]> Auth = new("--auth") { Description = "keys (API keys), oidc (bearer tokens), or both", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Authority = new("--oidc-authority") { Description = "The address of the OpenID Connect provider" };
    private static readonly Option<string?> Audience = new("--oidc-audience") { Description = "The audience that tokens must name" };
    private static readonly Option<bool> AllowPrivate = new("--allow-private") { Description = "Connections made through the API may reach private addresses" };
    private static readonly Option<bool> BehindProxy = new("--behind-proxy") { Description = "A proxy in front ends TLS: plain http is taken on any address" };
    private static readonly Option<string?> Otlp = new("--otlp") { Description = "Send traces and metrics to this OTLP address, such as http://127.0.0.1:4317" };
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Log more" };

    public static Command Create(Terminal terminal)
    {
        Auth.AcceptOnlyFromAmong("keys", "oidc");
        var command = new Command("serve", "Runs a workspace: polls, runs, and serves the API")
        {
            Workspace, ApiOnly, Db, MostDb, Key, Urls, Auth, Authority, Audience, AllowPrivate, BehindProxy, Otlp, Verbose,
        };
        command.SetAction((parsed, cancel) => RunAsync(terminal, parsed, cancel));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, ParseResult parsed, CancellationToken cancellationToken)
    {
        var apiOnly = parsed.GetValue(ApiOnly);
        var folder = apiOnly ? null : parsed.GetValue(Workspace) ?? ".";
        if (apiOnly && parsed.GetValue(Workspace) is not null) throw new UnusableException("Give --workspace or --api-only, not both.");
        if (apiOnly && parsed.GetValue(Db) is null) throw new UnusableException("With --api-only say where the database is: --db FILE.");
        if (folder is not null && !Directory.Exists(folder)) throw new UnusableException($"There is no workspace folder '{folder}'.");
        if (folder is not null && !Directory.Exists(Path.Combine(folder, "flows"))) throw new UnusableException($"The workspace '{folder}' has no folder 'flows'; with --api-only none is needed.");
        if (parsed.GetValue(MostDb) is < 0.5) throw new UnusableException("--db-limit is 0.5 or more: a quarter of a GB stays free for what was accepted.");
        var urls = parsed.GetValue(Urls)!;
        Uri? otlp = null;
        if (parsed.GetValue(Otlp) is { } address && (!Uri.TryCreate(address, UriKind.Absolute, out otlp) || otlp.Scheme is not ("http" or "https"))) throw new UnusableException($"--otlp is an address such as http://127.0.0.1:4317, not '{address}'.");
        var access = AccessOf(parsed);
        using var logs = ConsoleLogs.Create(terminal, parsed.GetValue(Verbose));
        await using var host = await FlowHost.OpenAsync(
            new FlowHostOptions
            {
                Connectors = Installed.Connectors, Database = parsed.GetValue(Db) ?? Path.Combine(folder!, "flow.db"), KeyFile = parsed.GetValue(Key), Logs = logs, MostDatabaseBytes = parsed.GetValue(MostDb) is { } most ? (long)(most * 1_000_000_000) : null,
                Runtime = new RuntimeOptions { Drain = TimeSpan.FromSeconds(6) }, Time = FollowedClock.Of(cancellationToken),
            },
            cancellationToken).ConfigureAwait(false);
        var runner = new WorkspaceRunner(host, folder, Installed.Connectors, Environment.GetEnvironmentVariable, logs.CreateLogger<WorkspaceRunner>());
        if (!await runner.TakeAsync(cancellationToken).ConfigureAwait(false))
        {
            // A first load that is broken stops the start: there is no last good version to go on with.
            throw new UnusableException($"The workspace '{folder}' has mistakes ({runner.Findings.Count}); they are listed above. Nothing was started.");
        }

        var options = ServerFiles.Options(urls, logs) with { Access = access, AllowPrivate = parsed.GetValue(AllowPrivate) || !access.IsConfigured, Otlp = otlp };
        await using var server = await ApiServer.StartAsync(host, runner, options, cancellationToken).ConfigureAwait(false);
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        if (access.Keys && access.Oidc is null && !await host.Settings.AccessKeys.AnyAsync(cancellationToken).ConfigureAwait(false))
        {
            terminal.Problem("There is no API key yet, so nobody can call. Stop the server and make the first one: flow keys add --db FILE --name NAME --role admin");
        }

        terminal.Good($"Serving {folder ?? "what the API keeps"} at {urls}. Stop with Ctrl+C.");
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.Worn);
        await runner.FollowAsync(ends.Token).ConfigureAwait(false);
        terminal.Line("Stopping: runs in memory end or are parked.");
        await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested) return ExitCode.Good;
        terminal.Problem("Two expressions did not come back, and each holds a thread until the process ends. Start the server again; the log names them.");
        return ExitCode.StartAgain;
    }

    private static AccessOptions AccessOf(ParseResult parsed)
    {
        var ways = parsed.GetValue(Auth) ?? [];
        var (authority, audience) = (parsed.GetValue(Authority), parsed.GetValue(Audience));
        if (!ways.Contains("oidc")) return new AccessOptions { Keys = ways.Contains("keys"), BehindProxy = parsed.GetValue(BehindProxy) };
        if (authority is null || audience is null) throw new UnusableException("--auth oidc needs --oidc-authority and --oidc-audience.");
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var address) || (address.Scheme != "https" && !address.IsLoopback)) throw new UnusableException("--oidc-authority is an https address.");
        return new AccessOptions { Keys = ways.Contains("keys"), Oidc = new OidcOptions(authority, audience), BehindProxy = parsed.GetValue(BehindProxy) };
    }
}
