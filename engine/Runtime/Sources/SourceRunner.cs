using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Runtime;

/// <summary>
/// Runs one source: asks for a page, makes events for every subscribed deployment, and stores them with the cursor in one change set. A page is never poisoned:
/// a row whose key cannot be computed becomes a dead letter of its deployment in the same set.
/// </summary>
internal sealed class SourceRunner(
    SourceKey key,
    DeploymentRegistry registry,
    EventFactory events,
    IEvaluator evaluator,
    IBatcher batcher,
    RunnableCounter runnable,
    ICursorStore cursors,
    IGroupCommit commit,
    LaneSignal signal,
    IntakeGate gate,
    IncidentBook incidents,
    TimeProvider time,
    ILogger<SourceRunner> log)
{
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostBackoff = TimeSpan.FromMinutes(1);

    private readonly PageEvents _pages = new(events, batcher, runnable, time);
    private SourceCursor? _cursor;
    private TimeSpan _backoff = FirstBackoff;

    /// <summary>The last poll was of a source that has nothing more; false: there is more, or it could not be read.</summary>
    public bool IsDrained { get; private set; }

    private string Incident => $"source {key}";

    /// <summary>Polls until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var pause = await PollOnceAsync(cancellationToken).ConfigureAwait(false);
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Polls until the source has nothing more, however long its trouble lasts; for a source that a schedule opens.</summary>
    /// <param name="waits">Told before a pause and after it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task DrainAsync(Action<bool> waits, CancellationToken cancellationToken)
    {
        while (true)
        {
            var pause = await PollOnceAsync(cancellationToken).ConfigureAwait(false);
            if (IsDrained) return;
            if (pause <= TimeSpan.Zero) continue;
            waits(true);
            try
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                waits(false);
            }
        }
    }

    /// <summary>Asks for one page and stores it; returns the pause before the next.</summary>
    public async Task<TimeSpan> PollOnceAsync(CancellationToken cancellationToken)
    {
        var subscribers = Subscribers();
        IsDrained = subscribers.Count == 0;
        if (IsDrained) return DefaultPause;

        // What stays at the vendor is safe there.
        if (await gate.RefusalAsync(cancellationToken).ConfigureAwait(false) is { } shed) return shed.RetryAfter;
        var connection = subscribers[0].Deployment.Connections[subscribers[0].Trigger.Connection!];
        _cursor ??= await cursors.ReadAsync(key.Cursor, cancellationToken).ConfigureAwait(false) ?? await BeginAsync(subscribers, cancellationToken).ConfigureAwait(false);
        var page = await connection.Connection.PollAsync(
            new PollRequest { Entity = key.Entity, Feed = key.Feed, Cursor = _cursor, Priority = CallPriority.Live }, cancellationToken).ConfigureAwait(false);
        if (!page.Succeeded) return Failed(page.Error, subscribers);

        if (await StoreAsync(page.Value.Rows, page.Value.Cursor, subscribers, connection, cancellationToken).ConfigureAwait(false) is { } trouble) return trouble;
        _backoff = FirstBackoff;
        // Whose the incident is may have changed since; where none is open this costs nothing.
        foreach (var (deployment, _) in subscribers) incidents.Recover(key.Workspace, deployment.Ref.Id, Incident);
        if (page.Value.HasMore) return TimeSpan.Zero;
        IsDrained = true;
        return await EveryAsync(subscribers, cancellationToken).ConfigureAwait(false) ?? page.Value.Pause ?? DefaultPause;
    }

    /// <summary>Takes hints that came by themselves, such as a webhook's; where the source stands does not change. Null: they are stored; else why not, and when the sender has to come again.</summary>
    public async Task<Shedding?> HintAsync(IReadOnlyList<SourceRow> rows, CancellationToken cancellationToken)
    {
        var subscribers = Subscribers();
        if (subscribers.Count == 0) return null;
        if (await gate.RefusalAsync(cancellationToken).ConfigureAwait(false) is { } shed) return shed;
        var connection = subscribers[0].Deployment.Connections[subscribers[0].Trigger.Connection!];
        return await StoreAsync(rows, null, subscribers, connection, cancellationToken).ConfigureAwait(false) is { } pause ? new Shedding("It cannot be stored now; send it again.", pause, TooMany: false) : null;
    }

    private List<Subscriber> Subscribers()
    {
        var result = new List<Subscriber>();
        foreach (var deployment in registry.All)
        {
            if (deployment.Ref.Workspace != key.Workspace) continue;
            foreach (var (trigger, source) in SourceHost.SourcesOf(deployment))
            {
                if (source == key) result.Add(new Subscriber(deployment, trigger));
            }
        }

        return result;
    }

    /// <summary>The first position: where the deployment says, else when it was made.</summary>
    private async Task<SourceCursor> BeginAsync(List<Subscriber> subscribers, CancellationToken cancellationToken)
    {
        DateTimeOffset? earliest = null;
        foreach (var (deployment, trigger) in subscribers)
        {
            var begin = deployment.Since ?? await SinceAsync(deployment, trigger, cancellationToken).ConfigureAwait(false) ?? deployment.CreatedAt;
            if (earliest is null || begin < earliest) earliest = begin;
        }

        return new SourceCursor(null, earliest);
    }

    private async Task<DateTimeOffset?> SinceAsync(ActiveDeployment deployment, PlanTrigger trigger, CancellationToken cancellationToken)
    {
        if (trigger.Since is null) return null;
        var value = await evaluator.EvaluateAsync(trigger.Since, EventFactory.NewSlots(deployment), cancellationToken).ConfigureAwait(false);
        return value.Fault is not null ? null : value.Values[0] switch
        {
            DateTimeOffset instant => instant,
            DateOnly day => new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
            _ => null,
        };
    }

    private async Task<TimeSpan?> EveryAsync(List<Subscriber> subscribers, CancellationToken cancellationToken)
    {
        TimeSpan? shortest = null;
        foreach (var (deployment, trigger) in subscribers)
        {
            if (trigger.Pause is { } pause && pause > TimeSpan.Zero && (shortest is null || pause < shortest)) shortest = pause;
            if (trigger.Every is null) continue;
            var value = await evaluator.EvaluateAsync(trigger.Every, EventFactory.NewSlots(deployment), cancellationToken).ConfigureAwait(false);
            if (value.Fault is null && value.Values[0] is TimeSpan every && every > TimeSpan.Zero && (shortest is null || every < shortest)) shortest = every;
        }

        return shortest;
    }

    private TimeSpan Failed(OperationError error, List<Subscriber> subscribers)
    {
        if (error.Kind == ErrorKind.Rejected && _cursor?.Token is not null)
        {
            // A dead token: the stamp beside it says where to go on.
            SourceLog.TokenIsDead(log, key.ToString(), error.Code);
            _cursor = new SourceCursor(null, _cursor.HighWater ?? time.GetUtcNow() - TimeSpan.FromDays(1));
            return TimeSpan.Zero;
        }

        SourceLog.PollFailed(log, key.ToString(), error.Kind, error.Code, error.Message);
        if (error.Kind is ErrorKind.Misconfigured or ErrorKind.Authentication or ErrorKind.Rejected)
        {
            incidents.Raise(key.Workspace, subscribers[0].Deployment.Ref.Id, Incident, $"The source {key} cannot be read: {error.Message}");
        }

        var pause = error.RetryAfter ?? _backoff;
        _backoff = _backoff * 2 < MostBackoff ? _backoff * 2 : MostBackoff;
        return pause > TimeSpan.Zero ? pause : FirstBackoff;
    }

    private async Task<TimeSpan?> StoreAsync(IReadOnlyList<SourceRow> given, SourceCursor? cursor, List<Subscriber> subscribers, BoundConnection connection, CancellationToken cancellationToken)
    {
        var (accepted, changes, error) = await _pages.MakeAsync(given, subscribers, connection, CallPriority.Live, cancellationToken, key.Feed).ConfigureAwait(false);
        if (error is not null) return Failed(error, subscribers);

        if (accepted.Count > 0) changes.Insert(0, new AppendEvents(accepted));
        if (cursor is not null && (changes.Count > 0 || cursor != _cursor)) changes.Add(new SaveCursor(key.Cursor, cursor, time.GetUtcNow()));
        if (changes.Count > 0)
        {
            try
            {
                var stored = await commit.CommitAsync(CommitQueue.Intake, new ChangeSet(changes)).ConfigureAwait(false);
                Raise(accepted, stored.EventIds);
            }
            catch (CommitFailedException e)
            {
                SourceLog.StoreFailed(log, key.ToString(), e);
                return _backoff;
            }
        }

        _cursor = cursor ?? _cursor;
        return null;
    }

    private void Raise(List<NewEvent> accepted, IReadOnlyList<long?> ids)
    {
        var counts = new Dictionary<DeploymentRef, int>();
        for (var i = 0; i < accepted.Count; i++)
        {
            if (ids[i] is not null) counts[accepted[i].Deployment] = counts.GetValueOrDefault(accepted[i].Deployment) + 1;
        }

        foreach (var (deployment, count) in counts) signal.Raise(deployment, count);
    }
}
