using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Api;
using WorkflowEngine.Definitions;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators.Seeds.Reconciling;

namespace WorkflowEngine.Cli;

/// <summary><c>flow demo</c>: both vendors' twins, the server and real traffic; a table of what happened, then it stays up.</summary>
internal static class DemoCommand
{
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
        var command = new Command("demo", "All six templates at once, in both directions: both simulators, the server, real traffic, and both sides compared") { events, exit, seed, latency, json };
        command.SetAction((parsed, cancel) => RunAsync(
            terminal, parsed.GetValue(events), parsed.GetValue(exit), parsed.GetValue(seed), parsed.GetValue(latency), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, int events, bool exit, int seed, int latency, bool json, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var logs = exit ? LoggerFactory.Create(_ => { }) : ConsoleLogs.Create(terminal);
        var (made, refused) = await DemoStage.SetUpAsync(exit ? (0, 0) : (5081, 5082), events, seed, latency, logs, cancellationToken).ConfigureAwait(false);
        if (made is null) return refused!(terminal);
        await using var stage = made;
        terminal.Diagnostics(stage.Workspace.Findings.Where(f => f.Severity != DiagnosticSeverity.Info));
        await using var server = exit ? null : await ApiServer.StartAsync(stage.Host, stage.Workspace, ServerFiles.Options(ServerOption.Default, logs), cancellationToken).ConfigureAwait(false);
        await stage.Host.StartAsync(cancellationToken).ConfigureAwait(false);
        var report = await PlayAsync(terminal, stage, events, clock, cancellationToken).ConfigureAwait(false);
        if (json) terminal.Line(JsonSerializer.Serialize(report));
        else report.Show(terminal);
        if (exit) return report.Holds ? ExitCode.Good : ExitCode.Mistakes;

        terminal.Good($"It stays up: {ServerOption.Default} (server), {stage.Twins.ServiceTitanAddress} (ServiceTitan), {stage.Twins.SalesforceAddress} (Salesforce). Change a customer there and see it arrive. Stop with Ctrl+C.");
        await stage.Workspace.FollowAsync(cancellationToken).ConfigureAwait(false);
        return ExitCode.Good;
    }

    private static async Task<DemoReport> PlayAsync(Terminal terminal, DemoStage stage, int events, Stopwatch clock, CancellationToken cancellationToken)
    {
        var counters = stage.Host.Runtime.Counters;
        var calls = stage.Host.Budgets.Calls;
        TimeSpan? first = null;
        var (work, settled, latency, echoes) = (TimeSpan.Zero, 0L, TimeSpan.Zero, new List<string>());
        await terminal.ProgressAsync($"{events} customers arrive in ServiceTitan; six flows run …", async progress =>
        {
            stage.Scenario.Arrive(stage.Twins.ServiceTitan);
            work += await stage.RestAsync(events, () => first ??= clock.Elapsed, cancellationToken).ConfigureAwait(false);
            progress($"People change, merge and deactivate customers ({stage.Scenario.Changes.Count} changes); sales begin, jobs are booked, memberships sold …");
            stage.Scenario.Change(stage.Twins.ServiceTitan);
            stage.Work.Begin();
            work += await stage.RestAsync(counters.Accepted + 1, null, cancellationToken).ConfigureAwait(false);
            (settled, latency) = (counters.Settled, counters.MeanLatency);
            await stage.PassAsync(TimeSpan.FromHours(1), cancellationToken).ConfigureAwait(false);
            progress("Sales are won and lost, jobs done, billed, paid and rated …");
            stage.Work.Day();
            await stage.RestAsync(0, null, cancellationToken).ConfigureAwait(false);
            await stage.PassAsync(TimeSpan.FromHours(1), cancellationToken).ConfigureAwait(false);
            progress("Refunds, corrections, cancellations; what was sold is done …");
            stage.Work.Aftermath();
            await stage.RestAsync(0, null, cancellationToken).ConfigureAwait(false);
            await stage.PassAsync(TimeSpan.FromHours(1), cancellationToken).ConfigureAwait(false);
            progress("The evening's comparison, and a day in which nobody does anything …");
            await stage.PassAsync(TimeSpan.FromHours(25), cancellationToken).ConfigureAwait(false);
            echoes.AddRange(await SilenceAsync(stage, cancellationToken).ConfigureAwait(false));
        }).ConfigureAwait(false);

        var letters = await stage.Host.View.DeadLetters.ListAsync(new DeadLetterFilter { Workspace = stage.Host.Names.Workspace, Limit = 200 }, cancellationToken).ConfigureAwait(false);
        var flows = await DemoFlow.AllAsync(stage.Host, cancellationToken).ConfigureAwait(false);
        var customers = flows.First(f => f.Flow == "customer-to-salesforce");
        return new DemoReport
        {
            Events = counters.Accepted,
            Runs = customers.Runs,
            AccountsCreated = customers.Created.GetValueOrDefault("Account"),
            AccountsUpdated = customers.Updated.GetValueOrDefault("Account"),
            ContactsCreated = customers.Created.GetValueOrDefault("Contact"),
            ContactsUpdated = customers.Updated.GetValueOrDefault("Contact"),
            Unchanged = customers.Unchanged,
            Duplicates = stage.Scenario.CountDuplicates(stage.Twins.Salesforce),
            DeadLetters = letters.Count,
            CallsPer1000Events = Math.Round((stage.Host.Budgets.Calls - calls) * 1000.0 / Math.Max(1, counters.Accepted), 1),
            EventsPerSecond = Math.Round(settled / Math.Max(0.001, work.TotalSeconds), 1),
            MeanLatencyMs = Math.Round(latency.TotalMilliseconds, 1),
            FirstRecordSeconds = Math.Round((first ?? TimeSpan.Zero).TotalSeconds, 2),
            Flows = flows,
            Reconciliation =
            [
                .. Reconciliation.Of(stage.Work),
                new Reconciled("all", "no echo: a day without people writes nothing, nothing waits, nothing is open", flows.Count, [.. echoes, .. letters.Take(10).Select(l => $"dead letter at {l.Content.Step} ({l.Content.Place}): {l.Content.Code}: {l.Content.Message}")]),
            ],
        };
    }

    /// <summary>Nobody does anything: what the flows wrote must not set flows to work.</summary>
    private static async Task<IReadOnlyList<string>> SilenceAsync(DemoStage stage, CancellationToken cancellationToken)
    {
        var written = stage.Written;
        await stage.PassAsync(TimeSpan.FromHours(24), cancellationToken).ConfigureAwait(false);
        var result = new List<string>();
        if (stage.Written != written) result.Add($"{stage.Written - written} records were written though nobody did anything");
        var waiting = (await stage.Host.View.Inbox.CountAsync(cancellationToken).ConfigureAwait(false)).Sum(b => b.Ready + b.Behind);
        if (waiting > 0) result.Add($"{waiting} events still wait");
        result.AddRange((await stage.Host.View.Incidents.ListAsync(stage.Host.Names.Workspace, openOnly: true, cancellationToken).ConfigureAwait(false)).Select(i => i.Message));
        result.AddRange(stage.Host.Runtime.Pauses);
        return result;
    }
}
