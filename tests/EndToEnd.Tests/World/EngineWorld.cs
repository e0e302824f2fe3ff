using System.Diagnostics;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Alerts;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.World;

/// <summary>Everything real in one process: both vendors over HTTP, a workspace folder, the engine with its database on disk.</summary>
internal sealed class EngineWorld : IAsyncDisposable
{
    /// <summary>Generous: the machine may be busy. Nothing waits that long when all is well.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(15);

    private readonly LogTape _tape;
    private readonly ILoggerFactory _logs;

    private EngineWorld(SkipClock clock, Vendors vendors, WorkspaceFolder folder, FlowHost host, WorkspaceRunner runner, LogTape tape, ILoggerFactory logs) =>
        (Clock, Vendors, Folder, Host, Runner, _tape, _logs) = (clock, vendors, folder, host, runner, tape, logs);

    public static IReadOnlyList<IConnector> Connectors { get; } = [new ServiceTitanConnector(), new SalesforceConnector(), new AlertWebhookConnector(), new AlertEmailConnector()];

    public SkipClock Clock { get; }

    public Vendors Vendors { get; }

    public WorkspaceFolder Folder { get; }

    public FlowHost Host { get; }

    public WorkspaceRunner Runner { get; }

    public ILoggerFactory Logs => _logs;

    /// <summary>The customer flow, running.</summary>
    /// <param name="prepare">Sets up the org before the engine looks at it.</param>
    /// <param name="join">Whether rows of several runs share calls.</param>
    /// <param name="timeout">Seconds a call may take.</param>
    public static async Task<EngineWorld> StartAsync(Action<Vendors> prepare, bool join = true, double timeout = 30)
    {
        var clock = new SkipClock();
        var vendors = await Vendors.StartAsync(clock);
        prepare(vendors);
        var world = await StartAsync(clock, vendors, WorkspaceFolder.OfCustomers(vendors, timeout), new BatcherOptions { Join = join });
        Assert.True(await world.Runner.TakeAsync(default), string.Join("\n", world.Runner.Findings));
        await world.OpenedAsync();
        await world.Host.StartAsync(default);
        return world;
    }

    /// <summary>An engine over a folder; nothing is taken yet.</summary>
    public static async Task<EngineWorld> StartAsync(SkipClock clock, Vendors vendors, WorkspaceFolder folder, BatcherOptions batching, ILoggerProvider? everything = null)
    {
        var tape = new LogTape();
        var logs = LoggerFactory.Create(b =>
        {
            b.AddProvider(tape);
            if (everything is not null) b.SetMinimumLevel(LogLevel.Trace).AddProvider(everything);
        });
        var host = await FlowHost.OpenAsync(OptionsOf(folder) with { Time = clock, Batching = batching, Logs = logs }, default);
        var runner = new WorkspaceRunner(host, folder.Path, Connectors, folder.Variable, logs.CreateLogger<WorkspaceRunner>());
        return new EngineWorld(clock, vendors, folder, host, runner, tape, logs);
    }

    public static FlowHostOptions OptionsOf(WorkspaceFolder folder) => new() { Connectors = Connectors, Database = folder.Database, Environment = folder.Variable };

    /// <summary>Every connection is open and every deployment runs. On a busy machine that may take longer than the runner waits for by itself.</summary>
    public async Task OpenedAsync()
    {
        await UntilAsync(() => !Runner.Problems.Any(p => p.EndsWith("still being opened.", StringComparison.Ordinal)), "the connections are open");
        Assert.Empty(Runner.Problems);
    }

    /// <summary>Waits until everything that happened at the vendors was read, run and settled. Waits of the engine are skipped.</summary>
    /// <param name="patience">How long that may take; null = as long as most tests allow.</param>
    public async Task SettleAsync(TimeSpan? patience = null)
    {
        var since = Clock.GetUtcNow();
        var waited = Stopwatch.StartNew();
        var still = Stopwatch.StartNew();
        var calls = 0;
        while (true)
        {
            await Task.Delay(Look);
            if (waited.Elapsed > (patience ?? Patience)) Assert.Fail(await DescribeAsync("It does not come to rest."));
            var now = Vendors.ServiceTitan.Statistics.Total + Vendors.Salesforce.Statistics.Total + Host.Runtime.RunsInMemory;
            if (!Vendors.FeedsReadSince(since))
            {
                // A source that waits after trouble: its wait is skipped too.
                if (now != calls) still.Restart();
                else if (still.ElapsedMilliseconds > 400 && Host.Runtime.RunsInMemory == 0) Clock.Skip(TimeSpan.FromSeconds(1));
                calls = now;
                continue;
            }

            if (Host.Runtime.RunsInMemory > 0) continue;
            // What a person has paused waits for that person.
            var backlog = (await Host.View.Inbox.CountAsync(default)).Where(b => Host.Runtime.Registry.Find(b.Deployment)?.State != DeploymentState.Paused).ToList();
            if (Host.Runtime.RunsInMemory > 0) continue;
            if (backlog.Sum(b => b.Ready + b.Behind + b.Delayed) == 0) break;
            // What is ready while the engine pauses waits for time to pass, not for a call to come back.
            if (backlog.Sum(b => b.Ready) > 0 && Host.Runtime.Pauses.Count == 0)
            {
                if (now != calls) still.Restart();
                calls = now;
                if (still.ElapsedMilliseconds < 300) continue;
            }

            if (Host.Runtime.NextDue is { } due) Clock.Skip(due - Clock.GetUtcNow() + TimeSpan.FromMilliseconds(1));
        }

        await Host.Runtime.WaitIdleAsync(new CancellationTokenSource(Patience).Token);
    }

    /// <summary>Waits for something that must happen.</summary>
    public async Task UntilAsync(Func<bool> holds, string what)
    {
        var waited = Stopwatch.StartNew();
        while (!holds())
        {
            await Task.Delay(Look);
            if (waited.Elapsed > Patience) Assert.Fail(await DescribeAsync("It did not happen: " + what));
        }
    }

    public async Task<IReadOnlyList<DeadLetter>> LettersAsync(DeadLetterState? state = DeadLetterState.Open) =>
        await Host.View.DeadLetters.ListAsync(new DeadLetterFilter { Workspace = "default", State = state, Limit = 500 }, default);

    public async Task<IReadOnlyList<Incident>> IncidentsAsync(bool openOnly) => await Host.View.Incidents.ListAsync("default", openOnly, default);

    /// <summary>Fails with what the letters say when there are any.</summary>
    public async Task NoLettersAsync()
    {
        var letters = await LettersAsync();
        Assert.True(letters.Count == 0, $"{letters.Count} dead letters: " + string.Join("\n", letters.Take(5).Select(Line)));
    }

    public static string Line(DeadLetter letter) =>
        $"{letter.Content.Key} at {letter.Content.Step} ({letter.Content.Place}): {letter.Content.ErrorKind} {letter.Content.Code}: {letter.Content.Message}";

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Vendors.DisposeAsync();
        _logs.Dispose();
        Folder.Dispose();
    }

    private async Task<string> DescribeAsync(string what)
    {
        var backlog = await Host.View.Inbox.CountAsync(default);
        var letters = await LettersAsync();
        return $"""
            {what}
            in memory {Host.Runtime.RunsInMemory}, next due {Host.Runtime.NextDue:O}, now {Clock.GetUtcNow():O}
            backlog {string.Join("; ", backlog)}
            pauses {string.Join("; ", Host.Runtime.Pauses)}
            letters {string.Join("\n", letters.Take(5).Select(Line))}
            calls {string.Join(", ", Vendors.ServiceTitan.Statistics.Statuses.Concat(Vendors.Salesforce.Statistics.Statuses))}
            {string.Join("\n", _tape.Lines)}
            """;
    }
}
