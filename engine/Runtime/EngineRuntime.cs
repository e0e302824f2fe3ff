using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>The whole runtime of one node: sources, intake, lanes, runs, batcher, settlement. Knows no database, file or web server; time is a provider.</summary>
public sealed class EngineRuntime : IAsyncDisposable
{
    /// <summary>How long runs whose rows were taken back may need to be parked.</summary>
    private static readonly TimeSpan ParkTime = TimeSpan.FromSeconds(2);

    private readonly RuntimeStores _stores;
    private readonly IdleSignal _idle = new();
    private readonly RunnableCounter _runnable = new();
    private readonly Batcher _batcher;
    private readonly WaveBook _waves;
    private readonly JournalWriter _journal;
    private readonly IncidentBook _incidents;
    private readonly DeadLetterBook _letters;
    private readonly LaneRunner _lanes;
    private readonly SourceHost _sources;
    private readonly Retention _retention;
    private readonly ScheduleHost _schedules;
    private readonly PauseBoard _pauses;
    private readonly Retirement _retirement;
    private readonly IntakeGate _gate;
    private readonly RuntimeOptions _options;
    private readonly IOwnership _ownership;
    private readonly TimeProvider _time;

    /// <summary>An incident may be known some moments before its dead letter is stored.</summary>
    private static readonly TimeSpan LetterTime = TimeSpan.FromMinutes(1);
    private bool _started;

    public EngineRuntime(EngineParts parts)
    {
        _stores = parts.Stores;
        _options = parts.Options;
        _time = parts.Time;
        _ownership = parts.Ownership;
        Registry = parts.Registry;
        Commit = parts.Commit;
        var boundary = parts.Boundary;
        IGroupCommit commit = ReferenceEquals(boundary, NoBoundary.Instance) ? parts.Commit : new BoundaryCommit(parts.Commit, boundary);
        _batcher = new Batcher(commit, _runnable, _time, parts.Batching);
        _pauses = new PauseBoard(_time);
        _incidents = new IncidentBook(parts.Commit, _time);
        _letters = new DeadLetterBook(_incidents);
        _journal = new JournalWriter(parts.Commit, _time, _options.JournalLinger);
        var signal = new LaneSignal();
        _retention = new Retention(_stores.History, parts.Ownership, _options, _time, parts.Logs.CreateLogger<EngineRuntime>());
        _waves = new WaveBook(_batcher, parts.Commit, _stores.Inbox, _stores.BulkJobs, _runnable, boundary, _options, _time, parts.Logs.CreateLogger<EngineRuntime>());
        var services = new StepServices
        {
            Waves = _waves,
            Registry = Registry, Signal = signal, Runnable = _runnable, Reviews = new ReviewDesk(_stores.Reviews, _time),
            Batcher = _batcher, Commit = parts.Commit, Links = new LinkReader(_stores.Links, _time), LinkKinds = new LinkKinds(Registry), Waiters = new LinkWaiters(_stores.Inbox), Runs = _stores.Runs, Evaluator = parts.Evaluator,
            Time = _time, Boundary = boundary, Options = _options,
        };
        var echoes = new EchoBreaker(_time);
        var settler = new RunSettler(services, _pauses, _incidents, _letters, new StormBreaker(_time), echoes, _journal, Counters, Registry, _stores.Inbox, _stores.DeadLetters);
        var executor = new RunExecutor(services, _pauses, _incidents);
        _lanes = new LaneRunner(
            _stores.Inbox, _stores.KeyStates, parts.Ownership, Registry, services, settler, executor, _runnable, _pauses, echoes, _incidents, _idle,
            parts.Logs.CreateLogger<EngineRuntime>());
        signal.Raised += (deployment, events) =>
        {
            Counters.Accept(events);
            _lanes.Appended(deployment, events);
            Concerns?.Invoke(deployment);
        };
        _lanes.Woke += () => Concerns?.Invoke(null);
        var factory = new EventFactory(parts.Evaluator, _time);
        _gate = new IntakeGate(_stores.Inbox, parts.Commit, Counters, _options, parts.FreeBytes, _time);
        Intake = new Intake(factory, parts.Evaluator, parts.Commit, signal, _gate);
        Reviews = new ReviewBook(_stores.Reviews, _stores.Inbox, parts.Commit, signal, _time);
        Reviews.Decided += () =>
        {
            _lanes.LookNow();
            Concerns?.Invoke(null);
        };
        Replayer = new Replayer(_stores.DeadLetters, Intake, parts.Commit, Registry, _time);
        Replayer.Discarded += l => _letters.Discarded(l.Content.Deployment, l.Content.Key, l.Content.Fingerprint);
        SourceRunner Source(SourceKey key) =>
            new(key, Registry, factory, parts.Evaluator, _batcher, _runnable, _stores.Cursors, parts.Commit, signal, _gate, _incidents, _time, parts.Logs.CreateLogger<SourceRunner>());
        var pages = new PageEvents(factory, _batcher, _runnable, _time);
        Backfills = new BackfillBook(
            Registry, parts.Ownership, _stores, parts.Commit, b => new BackfillRunner(b, Registry, pages, _stores, _waves, parts.Commit, signal, _gate, _incidents, _time, parts.Logs.CreateLogger<BackfillBook>()), _time,
            parts.Logs.CreateLogger<BackfillBook>());
        Backfills.Cancelled += b => _incidents.Recover(b.Deployment.Workspace, b.Deployment.Id, BackfillRunner.IncidentOf(b));
        services.IsCancelled = Backfills.IsCancelled;
        _waves.Ahead = Backfills.Ahead;
        _sources = new SourceHost(Registry, parts.Ownership, Source, _time, parts.Logs.CreateLogger<SourceHost>());
        _schedules = new ScheduleHost(
            Registry, parts.Ownership, _stores, parts.Commit, parts.Evaluator, factory, Source, signal, _incidents, _idle, _time, parts.Logs.CreateLogger<EngineRuntime>());
        settler.Settled += _schedules.Settled;
        _retirement = new Retirement(Backfills, Reviews, _incidents, _stores.Inbox, _lanes, parts.Ownership, _time);
    }

    public DeploymentRegistry Registry { get; }

    public IGroupCommit Commit { get; }

    /// <summary>Webhooks, manual runs.</summary>
    public Intake Intake { get; }

    public Replayer Replayer { get; }

    /// <summary>Why nothing more is accepted now; null = it is.</summary>
    public ValueTask<Shedding?> SheddingAsync(CancellationToken cancellationToken) => _gate.RefusalAsync(cancellationToken);

    /// <summary>What waits for people.</summary>
    public ReviewBook Reviews { get; }

    /// <summary>Records handed in beside live events.</summary>
    public BackfillBook Backfills { get; }

    public RunCounters Counters { get; } = new();

    /// <summary>
    /// Raised when the owner of another lane may have something to do, where several nodes share the store: a deployment has new events, or (null) anything else was woken or begun.
    /// </summary>
    public event Action<DeploymentRef?>? Concerns;

    /// <summary>How many lanes this node runs.</summary>
    public int LanesOwned => _ownership.OwnedLanes.Count;

    /// <summary>Runs of a lane in memory.</summary>
    public int RunsOf(int lane) => _lanes.Window.CountOf(lane);

    /// <summary>True while this node moves the cursor: of a source, a schedule, or whatever else only one node may do.</summary>
    public bool Owns(CursorKey cursor) => _ownership.Owns(Lane.OfCursor(cursor));

    /// <summary>Runs in memory.</summary>
    public int RunsInMemory => _lanes.Window.Count;

    /// <summary>When the next parked run is due; null when none is.</summary>
    public DateTimeOffset? NextDue => _lanes.NextDue;

    /// <summary>When a schedule ticks next; null when none will.</summary>
    public DateTimeOffset? NextTick => _schedules.NextTick;

    /// <summary>Pauses that last, one sentence each.</summary>
    public IReadOnlyList<string> Pauses => _pauses.Describe();

    /// <summary>Pauses of a workspace that last, one sentence each.</summary>
    public IReadOnlyList<string> PausesOf(string workspace) => _pauses.DescribeOf(workspace);

    /// <summary>Counts unclean deaths, remembers what is open, and begins to claim and to poll.</summary>
    /// <param name="cancellationToken">Cancels.</param>
    /// <param name="poll">False: sources are not asked and schedules do not tick, only events that are handed in run.</param>
    /// <param name="tick">Schedules tick all the same.</param>
    public async Task StartAsync(CancellationToken cancellationToken, bool poll = true, bool tick = false)
    {
        if (_started) return;
        _started = true;
        await _stores.Inbox.RecoverAsync(_ownership.OwnedLanes, cancellationToken).ConfigureAwait(false);
        _pauses.Remember(await RememberAsync(_ownership is EmbeddedOwnership ? TimeSpan.Zero : LetterTime, cancellationToken).ConfigureAwait(false));
        _lanes.Start();
        _retention.Start();
        if (poll) _sources.Start();
        await Backfills.StartAsync(cancellationToken).ConfigureAwait(false);
        if (poll || tick) _schedules.Start();
    }

    /// <summary>Another node raised <see cref="Concerns"/>.</summary>
    public void Hear(DeploymentRef? deployment)
    {
        if (deployment is { } events)
        {
            _lanes.MaybeReady(events);
            return;
        }

        foreach (var active in Registry.All) _lanes.MaybeReady(active.Ref);
        _lanes.LookNow();
    }

    /// <summary>Takes over what the lost owner of lanes had in flight; called before the lanes are claimed from. Returns how many events were in flight.</summary>
    public Task<int> TakeOverAsync(IReadOnlyList<int> lanes, CancellationToken cancellationToken) => _stores.Inbox.RecoverAsync(lanes, cancellationToken);

    /// <summary>Reads again which incidents and dead letters are open, where other nodes open and close them too.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => RememberAsync(LetterTime, cancellationToken);

    /// <summary>Asks every source once, until it has nothing more. For an engine started without polling.</summary>
    /// <returns>Null: all were read to their end; else when to ask those again that could not be, the longest of several.</returns>
    public Task<TimeSpan?> PollSourcesAsync(CancellationToken cancellationToken) => _sources.PollAsync(cancellationToken);

    /// <summary>Hands in what a vendor's webhook hints at. Null: it is stored; else why some of it is not, and when the sender has to come again.</summary>
    public Task<Shedding?> HintAsync(string workspace, string realm, IReadOnlyList<WebhookHint> hints, CancellationToken cancellationToken) => _sources.HintAsync(workspace, realm, hints, cancellationToken);

    /// <summary>Graceful: nothing new is polled or claimed, runs in memory end or park, their explanation is stored. What is left after the drain time goes on at the next start.</summary>
    public async Task StopAsync()
    {
        if (!_started) return;
        _started = false;
        await _schedules.StopAsync().ConfigureAwait(false);
        await Backfills.StopAsync().ConfigureAwait(false);
        await _sources.StopAsync().ConfigureAwait(false);
        await _lanes.StopAsync().ConfigureAwait(false);
        await _waves.StopAsync().ConfigureAwait(false);
        if (!await IsEmptyWithinAsync(_options.Drain).ConfigureAwait(false))
        {
            // What has not left yet is parked; what is at a vendor stays claimed and is run again behind its checkpoint.
            _batcher.Stop();
            await IsEmptyWithinAsync(ParkTime).ConfigureAwait(false);
        }

        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Ends when nothing is in memory, ready or due now; runs parked for later do not count. Sources are not asked.</summary>
    public async Task WaitIdleAsync(CancellationToken cancellationToken)
    {
        await _idle.WaitAsync(() => _schedules.IsIdle && _lanes.IsIdle, cancellationToken).ConfigureAwait(false);
        await FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Takes a deployment away for good: its backfills and questions end, and so does everything of it that waits, each event with a run that tells why. Runs that are at work end as they do.</summary>
    public async Task RetireAsync(DeploymentRef deployment, string because)
    {
        if (!Registry.Retire(deployment, because)) return;
        if (_started) await _retirement.EndAllAsync(deployment, because).ConfigureAwait(false);
        Registry.Remove(deployment);
    }

    /// <summary>Stops a deployment until somebody lets it go on; runs that are at work end as they do.</summary>
    public async Task PauseAsync(DeploymentRef deployment, string because)
    {
        await SaveStateAsync(deployment, DeploymentState.Paused, because).ConfigureAwait(false);
        Registry.SetState(deployment, DeploymentState.Paused, because);
    }

    /// <summary>Ends a pause: what was missing is said to be there now.</summary>
    public async Task ResumeAsync(DeploymentRef deployment)
    {
        await SaveStateAsync(deployment, DeploymentState.Active, null).ConfigureAwait(false);
        await FollowStateAsync(deployment, DeploymentState.Active, null).ConfigureAwait(false);
    }

    /// <summary>Takes over what another process of the same database was told, and has stored, about the state of a deployment.</summary>
    public async Task FollowStateAsync(DeploymentRef deployment, DeploymentState state, string? because)
    {
        if (state == DeploymentState.Active) await EndPausesAsync(deployment).ConfigureAwait(false);
        Registry.SetState(deployment, state, because);
        if (state == DeploymentState.Active) _lanes.MaybeReady(deployment);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await _schedules.DisposeAsync().ConfigureAwait(false);
        await Backfills.DisposeAsync().ConfigureAwait(false);
        await _sources.DisposeAsync().ConfigureAwait(false);
        await _lanes.DisposeAsync().ConfigureAwait(false);
        await _waves.DisposeAsync().ConfigureAwait(false);
        await _retention.DisposeAsync().ConfigureAwait(false);
        await _journal.DisposeAsync().ConfigureAwait(false);
        _batcher.Dispose();
        _gate.Dispose();
    }

    private async Task SaveStateAsync(DeploymentRef deployment, DeploymentState state, string? because) =>
        await Commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([new SaveDeploymentState(deployment, state, because)])).ConfigureAwait(false);

    private async Task EndPausesAsync(DeploymentRef deployment)
    {
        foreach (var ended in _pauses.Resume(deployment))
        {
            _incidents.Recover(deployment.Workspace, ended.Deployment, ended.Fingerprint);
            if (ended.Held.Count > 0) await _stores.Inbox.WakeAsync([.. ended.Held.Select(h => h.EventId)], CancellationToken.None).ConfigureAwait(false);
        }

        _incidents.RecoverAll(deployment.Workspace, deployment.Id, StormBreaker.Incident);
    }

    /// <param name="letterTime">How long others may take to store the letters of an incident.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The open incidents.</returns>
    private async Task<IReadOnlyList<Incident>> RememberAsync(TimeSpan letterTime, CancellationToken cancellationToken)
    {
        var workspaces = Registry.All.Select(d => d.Ref.Workspace).Distinct().ToList();
        await _letters.LoadAsync(_stores.DeadLetters, workspaces, cancellationToken).ConfigureAwait(false);
        var all = new List<Incident>();
        foreach (var workspace in workspaces) all.AddRange(await _stores.Incidents.ListAsync(workspace, openOnly: true, cancellationToken).ConfigureAwait(false));
        _incidents.Remember(all);
        _letters.RecoverEmpty(all.Where(i => _time.GetUtcNow() - i.LastSeen >= letterTime));
        return all;
    }

    private async Task<bool> IsEmptyWithinAsync(TimeSpan most)
    {
        using var limit = new CancellationTokenSource(most, _time);
        try
        {
            await _idle.WaitAsync(() => _lanes.Window.Count == 0, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task FlushAsync()
    {
        await _incidents.FlushAsync().ConfigureAwait(false);
        await _journal.FlushAsync().ConfigureAwait(false);
    }
}
