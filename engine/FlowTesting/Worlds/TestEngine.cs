using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.FlowTesting;

/// <summary>The engine of a test: the real one, on a database of its own, with virtual time; it can die and be started again.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(3);

    /// <summary>As long as a row of a backfill waits inside its run for its share of the budget.</summary>
    private static readonly TimeSpan BudgetWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Looks without any movement before a wait inside a run is skipped, more of them while other tests have the threads, and for a wait as long as the budget makes; before time passes for a call that a fault holds; and before any other call
    /// is taken for one that waits for its time limit.
    /// </summary>
    private const int Still = 3;
    private const int StillBesideOthers = 9;
    private const int StillForBudget = 60;
    private const int StillWhileHeld = 15;
    private const int Held = 250;
    private const int MostRounds = 20_000;

    /// <summary>Polls in a row of which some source was not read, before the time passes all the same.</summary>
    private const int MostUnread = 12;

    private readonly VirtualTime _time;
    private readonly CrashSwitch _crash;
    private readonly Traffic _traffic;
    private readonly FlowHostOptions _options;
    private readonly WorkspaceLoad _load;
    private FlowHost _host;

    private TestEngine(FlowHost host, FlowHostOptions options, WorkspaceLoad load, VirtualTime time, CrashSwitch crash, Traffic traffic) =>
        (_host, _options, _load, _time, _crash, _traffic) = (host, options, load, time, crash, traffic);

    public FlowHost Host => _host;

    /// <summary>Starts; the problems are what keeps deployments from being active.</summary>
    public static async Task<(TestEngine Engine, IReadOnlyList<string> Problems)> StartAsync(
        IReadOnlyList<IConnector> connectors, SharedGround ground, WorkspaceLoad load, VirtualTime time, CrashSwitch crash, Traffic traffic,
        Func<IEvaluator, IEvaluator> evaluator, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var options = new FlowHostOptions
        {
            Connectors = connectors, Database = ground.Copy(), Expressions = ground.Expressions, Durable = false, Time = time, Boundary = crash.Boundary(), Writer = crash.Around, Evaluator = evaluator, Environment = static _ => null, Logs = logs,
        };
        var host = await FlowHost.OpenAsync(options, cancellationToken).ConfigureAwait(false);
        var engine = new TestEngine(host, options, load, time, crash, traffic);
        return (engine, await engine.BeginAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Everything that happened is read and run; what waits for a time within the horizon gets it.</summary>
    /// <returns>Null, or why it does not come to rest.</returns>
    public async Task<string?> SettleAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var unread = 0;
        try
        {
            for (var round = 0; round < MostRounds; round++)
            {
                if (!await QuietAsync(limit.Token).ConfigureAwait(false)) continue;
                var accepted = _host.Runtime.Counters.Accepted;
                // A second later, so that a poll sees what was changed just now.
                _time.AdvanceTo(_time.GetUtcNow() + TimeSpan.FromSeconds(1));
                var polling = PollAsync(limit.Token);
                await MovedAsync(polling, limit.Token).ConfigureAwait(false);
                var again = polling.IsCompletedSuccessfully ? await polling.ConfigureAwait(false) : null;
                unread = again is null ? 0 : unread + 1;
                if (_host.Runtime.Counters.Accepted != accepted || !await QuietAsync(limit.Token).ConfigureAwait(false)) continue;
                // Nothing may wait for a time when a source is only to be asked again.
                var poll = again is { } pause && unread <= MostUnread ? _time.GetUtcNow() + pause : (DateTimeOffset?)null;
                var next = poll is { } soon && (_time.Next is not { } due || soon < due) ? soon : _time.Next;
                if (next is not { } at || at > until)
                {
                    _time.AdvanceTo(until);
                    return null;
                }

                _time.AdvanceTo(at);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Told below.
        }

        return $"It does not come to rest: {_host.Runtime.RunsInMemory} runs in memory, next due {_host.Runtime.NextDue:O}, now {_time.GetUtcNow():O}. {string.Join(" ", _host.Runtime.Pauses)}";
    }

    /// <summary>What else the engine is asked to do, such as to take a web hook: the time it waits for passes. Where the engine dies over it nobody is told.</summary>
    public Task AskAsync(Func<FlowHost, Task> work, CancellationToken cancellationToken) => MovedAsync(work(_host), cancellationToken);

    public async ValueTask DisposeAsync() => await EndAsync().ConfigureAwait(false);

    /// <summary>Deploys, where what it asks the systems for may wait for its turn, and starts. It may die in between: the next look sees that.</summary>
    private async Task<IReadOnlyList<string>> BeginAsync(CancellationToken cancellationToken)
    {
        var taking = _host.TakeAsync(_load, cancellationToken);
        await MovedAsync(taking, cancellationToken).ConfigureAwait(false);
        if (_crash.IsDead) return [];
        var problems = await taking.ConfigureAwait(false);
        await OutliveAsync(_host.StartWithoutSourcesAsync(cancellationToken, tick: true)).ConfigureAwait(false);
        return problems;
    }

    /// <summary>Nothing runs. False: the engine died and was started again.</summary>
    private async Task<bool> QuietAsync(CancellationToken cancellationToken)
    {
        await MovedAsync(_host.Runtime.WaitIdleAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
        if (!_crash.IsDead) return true;
        await EndAsync().ConfigureAwait(false);
        _crash.Revive();
        _host = await FlowHost.OpenAsync(_options with { Boundary = _crash.Boundary() }, cancellationToken).ConfigureAwait(false);
        await BeginAsync(cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>All sources are read before the first of their events runs: else it would be chance how many changes of one record wait together.</summary>
    private async Task<TimeSpan?> PollAsync(CancellationToken cancellationToken)
    {
        var active = _host.Runtime.Registry.All.Where(d => d.State == DeploymentState.Active).ToList();
        foreach (var deployment in active) _host.Runtime.Registry.SetState(deployment.Ref, DeploymentState.Paused, null);
        try
        {
            return await _host.Runtime.PollSourcesAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (var deployment in active) _host.Runtime.Registry.SetState(deployment.Ref, DeploymentState.Active, null);
        }
    }

    /// <summary>Ends the engine; what still waits for a time gets it.</summary>
    private async Task EndAsync()
    {
        var ending = _host.DisposeAsync().AsTask();
        for (var looks = 1; !ending.IsCompleted; looks++)
        {
            await Task.WhenAny(ending, Task.Delay(Look, TimeProvider.System)).ConfigureAwait(false);
            if (looks % 5 == 0 && _time.Next is { } next) _time.AdvanceTo(next);
        }

        await OutliveAsync(ending).ConfigureAwait(false);
    }

    /// <summary>The end of something the engine does. When it dies meanwhile, what it had not stored is lost: that is the point, and <see cref="QuietAsync"/> sees it.</summary>
    private static async Task OutliveAsync(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfDeath(e))
        {
            // Told above.
        }
    }

    /// <summary>Whether the engine was told so because its process is dead.</summary>
    private static bool IsOfDeath(Exception? e) => e is DeadProcessException || (e is AggregateException all ? all.InnerExceptions.Any(IsOfDeath) : e?.InnerException is { } inner && IsOfDeath(inner));

    /// <summary>Waits for work, and lets the time pass for which it waits itself: short waits as soon as nothing moves, time limits only for a call that is held.</summary>
    private async Task MovedAsync(Task work, CancellationToken cancellationToken)
    {
        var (seen, still, looks) = (-1L, 0, 0);
        while (!work.IsCompleted && !_crash.IsDead)
        {
            await Task.WhenAny(work, Task.Delay(Look, TimeProvider.System, cancellationToken)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            var moves = _traffic.Moves + _host.Writes.Commits + _host.Runtime.Counters.Settled + _time.Armings;
            if (moves != seen)
            {
                (seen, still, looks) = (moves, 0, 0);
                continue;
            }

            looks++;

            // On a busy machine nothing moves because nothing gets its turn.
            if (ThreadPool.PendingWorkItemCount == 0) still++;
            if (_time.Next is not { } next) continue;
            var waits = !_traffic.IsUnderWay && (still >= Still || looks >= StillBesideOthers) && next - _time.GetUtcNow() <= ShortWait;
            waits |= !_traffic.IsUnderWay && still >= StillForBudget && next - _time.GetUtcNow() <= BudgetWait;
            if (waits || (still >= StillWhileHeld && _traffic.IsHeld) || (still >= Held && _traffic.IsUnderWay))
            {
                _time.AdvanceTo(next);
                (still, looks) = (0, 0);
            }
        }

        if (work.IsCompleted) await OutliveAsync(work).ConfigureAwait(false);
    }
}
