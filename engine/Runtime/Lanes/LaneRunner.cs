using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Owner of this node's lanes: a sliding window over the ready events. A free place claims the next free key; finished runs never wait for others.</summary>
internal sealed class LaneRunner : IAsyncDisposable
{
    private const int MostPerRead = 500;

    /// <summary>What was in flight at one death may have nothing to do with it; at the second it runs alone, and who dies with it then is a dead letter.</summary>
    private const int DeathsAlone = 2;

    private readonly IInboxStore _inbox;
    private readonly IKeyStateStore _keyStates;
    private readonly IOwnership _ownership;
    private readonly DeploymentRegistry _registry;
    private readonly StepServices _services;
    private readonly TriggerGate _gate;
    private readonly RunOpener _opener;
    private readonly FairOrder _order;
    private readonly RunExecutor _executor;
    private readonly RunSettler _settler;
    private readonly RunnableCounter _runnable;
    private readonly PauseBoard _pauses;
    private readonly EchoBreaker _echoes;
    private readonly IncidentBook _incidents;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _signal = new(0);
    private readonly NextDue _due;
    private readonly IdleSignal _idle;
    private int _signalled, _signals;
    private volatile bool _stopping;
    private volatile bool _filling;
    private volatile bool _alone;
    private volatile bool _gathering;
    private Task _loop = Task.CompletedTask;

    public LaneRunner(
        IInboxStore inbox, IKeyStateStore keyStates, IOwnership ownership, DeploymentRegistry registry, StepServices services, RunSettler settler, RunExecutor executor,
        RunnableCounter runnable, PauseBoard pauses, EchoBreaker echoes, IncidentBook incidents, IdleSignal idle, ILogger log)
    {
        (_inbox, _keyStates, _ownership, _registry, _services, _settler, _executor) = (inbox, keyStates, ownership, registry, services, settler, executor);
        (_runnable, _pauses, _echoes, _incidents, _idle, _log) = (runnable, pauses, echoes, incidents, idle, log);
        _gate = new TriggerGate(services);
        _opener = new RunOpener(registry, services.Time);
        _order = new FairOrder(registry);
        Window = new LaneWindow(services.Options);
        _due = new NextDue(services.Time, Signal);
        registry.Changed += MarkAll;
        ownership.Changed += OnOwnership;
        services.Waiters.Woken += MarkAll;
        services.Waves.Woken += MarkAll;
        services.Commit.IntakeQuiet += OnIntakeQuiet;
        services.Planned = _due.Add;
        settler.Woken += deployments =>
        {
            foreach (var deployment in deployments) Window.Mark(deployment);
            Signal();
        };
    }

    public LaneWindow Window { get; }

    /// <summary>Nothing is in memory, ready or due.</summary>
    public bool IsIdle
    {
        get
        {
            // The parts are looked at in the order in which one hands on to the next; whatever begins meanwhile begins with a signal.
            var signals = Volatile.Read(ref _signals);
            return Volatile.Read(ref _signalled) == 0 && !_filling && Window.Count == 0 && !Window.MaybeReady && !_due.IsReached(_services.Now)
                && Volatile.Read(ref _signals) == signals;
        }
    }

    /// <summary>Raised when events became ready because their time had come, whosever lanes they are in.</summary>
    public event Action? Woke;

    /// <summary>When the next parked run is due; null when none is.</summary>
    public DateTimeOffset? NextDue => _due.Time;

    public void Start()
    {
        _due.Now();
        MarkAll();
        _loop = Task.Run(LoopAsync);
    }

    /// <summary>Events of the deployment may have become ready.</summary>
    public void MaybeReady(DeploymentRef deployment)
    {
        Window.Mark(deployment);
        Signal();
    }

    /// <summary>Events of the deployment were accepted.</summary>
    public void Appended(DeploymentRef deployment, int events)
    {
        Window.MarkAppended(deployment, events);
        Signal();
    }

    /// <summary>Something may be due that was not before.</summary>
    public void LookNow() => _due.Add(_services.Now);

    /// <summary>No run is claimed any more; those in memory go on.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        Signal();
        await _loop.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _registry.Changed -= MarkAll;
        _ownership.Changed -= OnOwnership;
        _services.Commit.IntakeQuiet -= OnIntakeQuiet;
        await _due.DisposeAsync().ConfigureAwait(false);
        _signal.Dispose();
    }

    /// <summary>What is due in a lane that came was in nobody's timer here.</summary>
    private void OnOwnership()
    {
        MarkAll();
        _due.Add(_services.Now);
    }

    private void OnIntakeQuiet()
    {
        if (_gathering) Signal();
    }

    private void MarkAll()
    {
        MarkEach();
        Signal();
    }

    private void MarkEach()
    {
        foreach (var deployment in _registry.All) Window.Mark(deployment.Ref);
    }

    private void Signal()
    {
        Interlocked.Increment(ref _signals);
        if (Interlocked.Exchange(ref _signalled, 1) == 0) _signal.Release();
    }

    private async Task LoopAsync()
    {
        while (!_stopping)
        {
            await _signal.WaitAsync().ConfigureAwait(false);
            _filling = true;
            Volatile.Write(ref _signalled, 0);
            try
            {
                await WakeAsync().ConfigureAwait(false);
                await FillAsync().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // The store failed: the window is filled again later.
                RuntimeLog.FillFailed(_log, e);
                _due.Add(_services.Now + TimeSpan.FromSeconds(1));
                MarkEach();
            }

            _filling = false;
            _idle.Changed();
        }
    }

    private async ValueTask WakeAsync()
    {
        var now = _services.Now;
        if (!_due.IsReached(now))
        {
            // The timer may have called early.
            _due.Arm();
            return;
        }

        _due.Clear();
        Window.MarkPutOff();
        var (woken, next) = await _inbox.WakeDueAsync(now, default).ConfigureAwait(false);
        if (next is { } due) _due.Add(due);
        if (woken == 0) return;
        MarkEach();
        Woke?.Invoke();
    }

    private async ValueTask FillAsync()
    {
        while (!_stopping && !_alone)
        {
            // Small claims cost a query each and give small calls: a fifth of the window is a full call of most vendors.
            var free = Window.Free;
            if (free <= 0 || (free < _services.Options.Window / 5 && Window.Count > 0)) return;
            // What gathers is looked at again when the intake is quiet: what it writes now may bring nothing that is ready, and a run in memory may stay for minutes.
            _gathering = Window.Gathers && _services.Commit.IntakeBusy;
            Interlocked.MemoryBarrier();
            if (_gathering && _services.Commit.IntakeBusy) return;
            var (waiting, draining, left) = (_order.Of(Window.Take()), false, free);
            if (waiting.Count == 0) return;
            foreach (var (deployment, parts) in waiting)
            {
                // What is free is given out once, whatever leaves meanwhile: who gets none now is first in the next round.
                if (draining || _stopping || left <= 0)
                {
                    Window.Mark(deployment.Ref);
                    continue;
                }

                left -= Math.Max(1, free / parts);
                _order.Served(deployment.Ref);
                draining = !await ClaimAsync(deployment, Math.Clamp(free / parts, 1, MostPerRead)).ConfigureAwait(false);
            }

            if (draining) return;
        }
    }

    /// <summary>False: nothing more is claimed until the window is empty, because a run must be alone.</summary>
    private async ValueTask<bool> ClaimAsync(ActiveDeployment deployment, int most)
    {
        // What only ends calls nobody.
        var (paused, until) = deployment.RetiredBecause is null ? _pauses.Room(deployment, Window.CountOf(deployment.Ref)) : (int.MaxValue, null);
        if (until is { } later) _due.Add(Window.PutOff(deployment.Ref, later));
        var room = Math.Min(Math.Min(most, paused), Window.Room(deployment));
        // A full connection marks the deployment again when a run leaves, whosever it is; a pause when its time is over.
        if (room <= 0) return true;

        var ready = await _inbox.ReadReadyAsync(deployment.Ref, _ownership.OwnedLanes, Window.Of(deployment.Ref), room, default).ConfigureAwait(false);
        // Paused, or another version, while it was read: what came since is not for this one.
        var moved = !ReferenceEquals(_registry.Find(deployment.Ref), deployment);
        if (moved) Window.Mark(deployment.Ref);
        if (moved || ready.Count == 0) return true;
        foreach (var suspect in ready)
        {
            if (suspect.Deaths < DeathsAlone) continue;
            Window.Mark(deployment.Ref);
            if (Window.Count > 0) return false;
            _alone = true;
            await BeginAsync(deployment, [suspect]).ConfigureAwait(false);
            return false;
        }

        var begun = await BeginAsync(deployment, ready).ConfigureAwait(false);
        if (begun == 0) Window.HoldBackfill(deployment.Ref);
        else if (ready.Count >= room) Window.Mark(deployment.Ref);
        return true;
    }

    /// <returns>How many runs began.</returns>
    private async ValueTask<int> BeginAsync(ActiveDeployment deployment, IReadOnlyList<ReadyEvent> ready)
    {
        var chosen = new List<(ReadyEvent Event, IReadOnlyList<ReadyEvent> Superseded)>(ready.Count);
        var ids = new List<long>(ready.Count);
        var keys = new List<EventKey>(ready.Count);
        var backfillRoom = Window.BackfillRoom;
        foreach (var candidate in ready)
        {
            var backfill = candidate.Priority == CallPriority.Backfill;
            if (backfill && backfillRoom-- <= 0) continue;
            if (!Window.Enter(deployment, candidate.Key.Key, candidate.Id, candidate.Lane, backfill)) continue;
            var (winner, superseded) = candidate.Waiting > 1 && deployment.Trigger(candidate.Trigger) is { LatestOnly: true }
                ? Superseding.Choose(candidate, await _inbox.ReadWaitingAsync(candidate.Key, default).ConfigureAwait(false))
                : (candidate, []);
            chosen.Add((winner, superseded));
            ids.Add(winner.Id);
            keys.Add(candidate.Key);
        }

        if (chosen.Count == 0) return 0;
        _runnable.Enter();
        try
        {
            var noted = ClaimNote.Write(_services.Commit, deployment, ids);
            var works = await _inbox.ReadWorkAsync(ids, default).ConfigureAwait(false);
            var states = await _keyStates.ReadAsync(keys, default).ConfigureAwait(false);
            var byId = new Dictionary<long, EventWork>(works.Count);
            foreach (var work in works) byId[work.Id] = work;
            foreach (var (claimed, superseded) in chosen)
            {
                if (!byId.TryGetValue(claimed.Id, out var work))
                {
                    Leave(deployment, claimed);
                    continue;
                }

                _runnable.Enter();
                // It tells by itself what went wrong.
                _ = RunAsync(deployment, claimed, superseded, work, states.GetValueOrDefault(claimed.Key), noted);
            }
        }
        catch
        {
            foreach (var (claimed, _) in chosen) Leave(deployment, claimed);
            throw;
        }
        finally
        {
            _runnable.Leave();
        }

        return chosen.Count;
    }

    private async Task RunAsync(ActiveDeployment active, ReadyEvent claimed, IReadOnlyList<ReadyEvent> superseded, EventWork work, KeyState? remembered, Task noted)
    {
        try
        {
            Run run;
            RunEnd end;
            try
            {
                (run, end) = await ComputeAsync(active, claimed, superseded, work, remembered, noted).ConfigureAwait(false);
            }
            finally
            {
                _runnable.Leave();
            }

            await _settler.SettleAsync(run, end).ConfigureAwait(false);
            if (end.Kind == RunEndKind.Parked) _due.Add(end.Due);
        }
        catch (FencedException)
        {
            RuntimeLog.Fenced(_log, claimed.Id, claimed.Lane);
        }
        catch (Exception e) when (StoreTrouble.IsIn(e))
        {
            // What it read of the store did not come: it begins again behind its last checkpoint, as after a death, and nobody is to blame.
            RuntimeLog.StoreUnread(_log, claimed.Id, e.Message);
        }
        catch (Exception e)
        {
            // Settling itself failed by our own mistake: the event stays and is claimed again after a restart, never lost.
            RuntimeLog.SettleFailed(_log, claimed.Id, e);
        }
        finally
        {
            Leave(active, claimed);
        }
    }

    /// <summary>The one place where an exception of ours becomes a dead letter.</summary>
    private async Task<(Run, RunEnd)> ComputeAsync(
        ActiveDeployment active, ReadyEvent claimed, IReadOnlyList<ReadyEvent> superseded, EventWork work, KeyState? remembered, Task noted)
    {
        Run? run = null;
        try
        {
            run = await _opener.OpenAsync(active, claimed, superseded, work, remembered).ConfigureAwait(false);
            run.Noted = noted;
            if (active.RetiredBecause is { } gone) return (run, RunEnd.Ended(RunOutcome.Filtered, gone));
            if (run.Deployment.Flow.Hash != run.State.FlowHash) return (run, Broken("version", $"The flow version {run.State.FlowHash} this run began with is gone."));
            if (claimed.Deaths > DeathsAlone) return (run, Broken("deaths", $"The process died {claimed.Deaths} times while this event was in flight, at last when it ran alone."));
            if (claimed.Trigger == PlanTrigger.LookId) return (run, await _executor.LookAsync(run).ConfigureAwait(false));
            if (run.Trigger is null) return (run, Broken("trigger", $"The flow has no trigger {claimed.Trigger} any more."));
            if (_echoes.IsLooping(claimed.Key))
            {
                _incidents.Raise(active.Ref.Workspace, active.Ref.Id, EchoBreaker.IncidentOf(claimed.Key), $"{active.Name}: key {claimed.Key.Key} follows its own writes; it is paused.");
                return (run, new RunEnd { Kind = RunEndKind.Parked, Due = _services.Now + EchoBreaker.Pause, Text = "the key follows its own writes" });
            }

            if (claimed.Attempt > 0) _incidents.Recover(active.Ref.Workspace, active.Ref.Id, EchoBreaker.IncidentOf(claimed.Key));
            if (!run.Resumed && claimed.Priority == CallPriority.Backfill && _services.IsCancelled(claimed)) return (run, RunEnd.Ended(RunOutcome.Filtered, _registry.Find(active.Ref)?.RetiredBecause ?? "the backfill was cancelled"));
            var refused = run.Resumed ? TriggerGate.Reenter(run) : await _gate.EnterAsync(run).ConfigureAwait(false);
            if (refused is { Kind: RunEndKind.Failed }) refused = _executor.GateFailed(run, refused);
            if (refused is not null) return (run, refused);
            if (!run.Resumed) run.State.Begin();
            return (run, await _executor.ExecuteAsync(run).ConfigureAwait(false));
        }
        catch (Exception e) when (e is not FencedException && !StoreTrouble.IsIn(e))
        {
            RuntimeLog.RunFailed(_log, claimed.Id, e);
            run ??= new Run { State = _opener.NewState(active, claimed), Deployment = active, Event = claimed, Payload = work.Payload };
            return (run, Broken(e.GetType().Name, "The engine failed: " + e.Message));
        }
    }

    private static RunEnd Broken(string code, string message) => new() { Kind = RunEndKind.Failed, Error = new OperationError(ErrorKind.Bug, code, message) };

    private void Leave(ActiveDeployment deployment, ReadyEvent claimed)
    {
        Window.Leave(deployment, claimed.Key.Key);
        if (_alone && Window.Count == 0) _alone = false;
        Signal();
        _idle.Changed();
    }
}
