using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Api;
using WorkflowEngine.Hosting;
using WorkflowEngine.Simulators.Seeds;

namespace WorkflowEngine.Cli;

/// <summary><c>flow demo</c>: both vendors' twins, the server and real traffic; a table of what happened, then it stays up.</summary>
internal static class DemoCommand
{
    private const string Deployment = "customers";

    public static Command Create(Terminal terminal)
    {
        var events = new Option<int>("--events") { Description = "Customers that arrive (default 200)", DefaultValueFactory = _ => 200 };
        events.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 100_000) result.AddError("--events must be between 1 and 100000.");
        });
        var exit = new Option<bool>("--exit") { Description = "End when everything was handled" };
        var seed = new Option<int>("--seed") { Description = "Decides who the customers are (default 1)", DefaultValueFactory = _ => 1 };
        var latency = new Option<int>("--latency") { Description = "Milliseconds before each answer of the simulators (default 0)" };
        var json = new Option<bool>("--json") { Description = "For scripts: the table as JSON" };
        var command = new Command("demo", "ServiceTitan customers arrive in Salesforce: both simulators, the server, real traffic") { events, exit, seed, latency, json };
        command.SetAction((parsed, cancel) => RunAsync(
            terminal, parsed.GetValue(events), parsed.GetValue(exit), parsed.GetValue(seed), parsed.GetValue(latency), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, int events, bool exit, int seed, int latency, bool json, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        await using var twins = await OfflineTwins.StartAsync(exit ? (0, 0) : (5081, 5082), seed, latency, cancellationToken).ConfigureAwait(false);
        var scenario = DemoScenario.Build(events, seed);
        scenario.Prepare(twins.Salesforce);
        twins.CopyTemplate(Templates.Find("customer-to-salesforce"), "customer-to-salesforce");
        twins.Deploy(Deployment, """
            deployment: customers
            template: customer-to-salesforce
            state: active
            connections: { servicetitan: servicetitan, salesforce: salesforce }
            """);

        using var logs = exit ? LoggerFactory.Create(_ => { }) : ConsoleLogs.Create(terminal, verbose: false);
        await using var host = await FlowHost.OpenAsync(
            new FlowHostOptions { Connectors = Installed.Connectors, Database = Path.Combine(twins.Folder, "flow.db"), Environment = OfflineTwins.Variable, Logs = logs }, cancellationToken).ConfigureAwait(false);
        var workspace = new WorkspaceRunner(host, twins.Folder, Installed.Connectors, OfflineTwins.Variable, logs.CreateLogger<WorkspaceRunner>());
        if (!await workspace.TakeAsync(cancellationToken).ConfigureAwait(false) || workspace.Problems.Count > 0)
        {
            terminal.Diagnostics(workspace.Findings);
            foreach (var problem in workspace.Problems) terminal.Problem(problem);
            return ExitCode.Mistakes;
        }

        await using var server = exit ? null : await ApiServer.StartAsync(host, workspace, ServerFiles.Options(ServerOption.Default, logs), cancellationToken).ConfigureAwait(false);
        await host.StartAsync(cancellationToken).ConfigureAwait(false);
        var before = DemoCounts.Of(twins);
        var calls = host.Budgets.Calls;
        TimeSpan? first = null;
        var work = TimeSpan.Zero;
        await terminal.ProgressAsync($"{events} customers arrive in ServiceTitan …", async progress =>
        {
            scenario.Arrive(twins.ServiceTitan);
            work += await SettleAsync(host, events, () => first ??= clock.Elapsed, progress, cancellationToken).ConfigureAwait(false);
            progress($"People change, merge and deactivate customers ({scenario.Changes.Count} changes) …");
            scenario.Change(twins.ServiceTitan);
            work += await SettleAsync(host, host.Runtime.Counters.Accepted + 1, () => { }, progress, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);

        var duplicates = scenario.CountDuplicates(twins.Salesforce);
        var report = await DemoReport.OfAsync(host, Deployment, DemoCounts.Of(twins).Minus(before), host.Budgets.Calls - calls, duplicates, work, first, cancellationToken).ConfigureAwait(false);
        if (json) terminal.Line(JsonSerializer.Serialize(report));
        else report.Show(terminal);
        var failed = report.DeadLetters > 0 || duplicates > 0;
        if (exit) return failed ? ExitCode.Mistakes : ExitCode.Good;

        terminal.Good($"It stays up: {ServerOption.Default} (server), {twins.ServiceTitanAddress} (ServiceTitan), {twins.SalesforceAddress} (Salesforce). Change a customer there and see it arrive. Stop with Ctrl+C.");
        await workspace.FollowAsync(cancellationToken).ConfigureAwait(false);
        return ExitCode.Good;
    }

    /// <summary>Waits until as many events as expected were accepted and nothing is left to do; returns the time until the last run was settled.</summary>
    private static async Task<TimeSpan> SettleAsync(FlowHost host, long accepted, Action onFirst, Action<string> progress, CancellationToken cancellationToken)
    {
        // The feeds are asked every second: three looks without a new event are the end.
        const int Looks = 15;
        var counters = host.Runtime.Counters;
        var begin = Stopwatch.StartNew();
        var last = begin.Elapsed;
        var still = 0;
        var seen = -1L;
        while (still < Looks || counters.Accepted < accepted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), host.Time, cancellationToken).ConfigureAwait(false);
            var settled = counters.Settled;
            if (settled > 0) onFirst();
            if (settled != seen || host.Runtime.RunsInMemory > 0)
            {
                (seen, still, last) = (settled, 0, begin.Elapsed);
                progress(string.Create(CultureInfo.InvariantCulture, $"{counters.Accepted} events accepted, {settled} runs settled"));
                continue;
            }

            still++;
            if (begin.Elapsed > TimeSpan.FromMinutes(5)) throw new UnusableException($"The demo did not come to an end within 5 minutes: {counters.Accepted} events accepted, {settled} runs settled.");
        }

        return last;
    }
}
