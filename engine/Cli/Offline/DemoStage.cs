using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WorkflowEngine.FlowTesting;
using WorkflowEngine.Hosting;
using WorkflowEngine.Simulators.Seeds;
using WorkflowEngine.Simulators.Time;

namespace WorkflowEngine.Cli;

/// <summary>Both simulated companies, the engine with six deployments, and a time that can be moved on.</summary>
internal sealed class DemoStage : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private const int Still = 10;

    private readonly SkipClock _time;

    private DemoStage(SkipClock time, OfflineTwins twins, DemoScenario scenario, DemoWork work, FlowHost host, WorkspaceRunner workspace) =>
        (_time, Twins, Scenario, Work, Host, Workspace) = (time, twins, scenario, work, host, workspace);

    public OfflineTwins Twins { get; }

    public DemoScenario Scenario { get; }

    public DemoWork Work { get; }

    public FlowHost Host { get; }

    public WorkspaceRunner Workspace { get; }

    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Records written in both systems so far, by whomever.</summary>
    public long Written => Twins.Salesforce.Statistics.Rows.Values.Sum(r => (long)r) + Twins.ServiceTitan.Statistics.Rows.Values.Sum(r => (long)r);

    /// <summary>Everything stands and runs; nothing has happened yet. The findings say why not.</summary>
    public static async Task<(DemoStage? Stage, Func<Terminal, int>? Refused)> SetUpAsync((int, int) ports, int events, int seed, int latency, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var time = new SkipClock();
        var twins = await OfflineTwins.StartAsync(ports, seed, latency, cancellationToken, time).ConfigureAwait(false);
        var scenario = DemoScenario.Build(events, seed);
        var work = new DemoWork(scenario, twins.ServiceTitan, twins.Salesforce, seed);
        foreach (var (name, template, yaml) in DemoDeployments.Of(work, work.Seller))
        {
            var from = Templates.Find(template);
            twins.CopyTemplate(from, template);
            twins.Deploy(name, DemoDeployments.File(name, template, yaml));
            foreach (var flow in FlowBundle.Compile(FlowPaths.Read([from]), Installed.Catalog).Flows) OrgFields.Apply(twins.Salesforce, flow.Definition);
        }

        scenario.Prepare(twins.Salesforce);
        work.Prospect();
        var host = await FlowHost.OpenAsync(
            new FlowHostOptions { Connectors = Installed.Connectors, Database = Path.Combine(twins.Folder, "flow.db"), Environment = OfflineTwins.Variable, Time = time, Logs = logs }, cancellationToken).ConfigureAwait(false);
        var workspace = new WorkspaceRunner(host, twins.Folder, Installed.Connectors, OfflineTwins.Variable, logs.CreateLogger<WorkspaceRunner>());
        if (await workspace.TakeAsync(cancellationToken).ConfigureAwait(false) && workspace.Problems.Count == 0) return (new DemoStage(time, twins, scenario, work, host, workspace), null);
        await host.DisposeAsync().ConfigureAwait(false);
        await twins.DisposeAsync().ConfigureAwait(false);
        return (null, terminal =>
        {
            terminal.Diagnostics(workspace.Findings);
            foreach (var problem in workspace.Problems) terminal.Problem(problem);
            return ExitCode.Mistakes;
        });
    }

    /// <summary>Waits until as many events as expected were accepted and nothing is left to do; returns the time until the last run was settled.</summary>
    public async Task<TimeSpan> RestAsync(long accepted, Action? onFirst, CancellationToken cancellationToken)
    {
        var counters = Host.Runtime.Counters;
        var begin = Stopwatch.StartNew();
        var last = begin.Elapsed;
        var (still, seen) = (0, -1L);
        while (still < Still || counters.Accepted < accepted)
        {
            await Task.Delay(Look, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            var moves = counters.Settled + counters.Accepted;
            if (counters.Settled > 0) onFirst?.Invoke();
            if (moves != seen || Host.Runtime.RunsInMemory > 0) (seen, still, last) = (moves, 0, begin.Elapsed);
            else still++;
            if (begin.Elapsed > Patience) throw new UnusableException($"The demo did not come to an end within 5 minutes: {counters.Accepted} events accepted, {counters.Settled} runs settled. {string.Join(" ", Host.Runtime.Pauses)}");
        }

        return last;
    }

    /// <summary>Time passes: sources are read, schedules tick, what was planned begins. After each step everything comes to rest.</summary>
    public async Task PassAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        // Short steps at first, so that what a poll finds and what that starts a minute later are not one.
        foreach (var step in new[] { TimeSpan.FromSeconds(61), TimeSpan.FromMinutes(16), TimeSpan.FromMinutes(15), time - TimeSpan.FromMinutes(34), TimeSpan.FromSeconds(61), TimeSpan.FromSeconds(61) })
        {
            _time.Skip(step);
            await RestAsync(0, null, cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync().ConfigureAwait(false);
        await Twins.DisposeAsync().ConfigureAwait(false);
    }
}
