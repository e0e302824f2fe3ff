using WorkflowEngine.Abstractions;
using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Runtime;

/// <summary>Runs one backfill: a page is read when the line has room, its events are stored with the place it has come to; at the end it waits until all have run.</summary>
internal sealed class BackfillRunner(
    Backfill started, DeploymentRegistry registry, PageEvents pages, RuntimeStores stores, WaveBook waves, IGroupCommit commit, LaneSignal signal, IntakeGate gate, IncidentBook incidents, TimeProvider time, ILogger log)
{
    /// <summary>A page is read when fewer events than this wait: what is read early only grows old.</summary>
    private const int MostWaiting = 5_000;

    /// <summary>Two full waves: one at the vendor, one that gathers.</summary>
    private const int MostSeated = 20_000;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostBackoff = TimeSpan.FromMinutes(1);

    private Backfill _backfill = started;
    private TimeSpan _backoff = FirstBackoff;
    private long _ahead;

    /// <summary>Its records that have not run yet, as far as is known.</summary>
    public long Ahead => Interlocked.Read(ref _ahead);

    /// <summary>How the fingerprints of the incidents of backfills begin. One is over when its backfill reads again or is cancelled; that of one that failed, when another of the deployment is done.</summary>
    private const string Incidents = "backfill:";

    private string Incident => IncidentOf(_backfill);

    public static string IncidentOf(Backfill backfill) => Incidents + backfill.Id;

    /// <summary>Works until the backfill is done or cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_backfill.IsOpen)
        {
            var pause = await StepAsync(cancellationToken).ConfigureAwait(false);
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<TimeSpan> StepAsync(CancellationToken cancellationToken)
    {
        if (registry.Find(_backfill.Deployment) is not { State: not DeploymentState.Paused } deployment) return Look;
        if (deployment.Trigger(_backfill.Trigger) is not { Connection: { } logical, Entity: not null } trigger)
        {
            await SaveAsync(_backfill with { State = BackfillState.Failed, Problem = $"The flow has no trigger {_backfill.Trigger} any more.", EndedAt = time.GetUtcNow() }).ConfigureAwait(false);
            return TimeSpan.Zero;
        }

        var waiting = (await stores.Inbox.CountAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(b => b.Deployment == _backfill.Deployment)?.Backfill ?? 0;
        Foresee(waiting, null);
        if (_backfill.State == BackfillState.Running)
        {
            if (waiting > 0)
            {
                // Who waits for a job need not wait for others when there are none.
                if (waves.SeatsOf(_backfill.Deployment) >= waiting) waves.Close(_backfill.Deployment);
                return Look;
            }

            await SaveAsync(_backfill with { State = BackfillState.Done, EndedAt = time.GetUtcNow() }).ConfigureAwait(false);
            incidents.RecoverAll(_backfill.Deployment.Workspace, _backfill.Deployment.Id, Incidents);
            return TimeSpan.Zero;
        }

        // Those that wait in waves for their job are out of the way, but their rows are in memory.
        if (waiting >= MostWaiting + Math.Min(MostSeated, waves.SeatsOf(_backfill.Deployment))) return Look;
        if (await gate.RefusalAsync(cancellationToken).ConfigureAwait(false) is { } shed) return shed.RetryAfter;
        var connection = deployment.Connections[logical];
        if (_backfill is { Total: null, Read: 0 }) _backfill = _backfill with { Total = await BackfillPages.CountAsync(_backfill, trigger, connection, cancellationToken).ConfigureAwait(false) };
        var page = await BackfillPages.ReadAsync(_backfill, trigger, connection, cancellationToken).ConfigureAwait(false);
        if (!page.Succeeded) return await FailedAsync(page.Error).ConfigureAwait(false);
        var (accepted, changes, error) = await pages.MakeAsync(page.Value.Rows, [new Subscriber(deployment, trigger)], connection, CallPriority.Backfill, cancellationToken).ConfigureAwait(false);
        Foresee(waiting, page.Value);
        return error is null ? await StoreAsync(page.Value, accepted, changes).ConfigureAwait(false) : await FailedAsync(error).ConfigureAwait(false);
    }

    /// <summary>What is still to come is what the vendor counted; where it does not count it may be very many until the last page was read.</summary>
    private void Foresee(long waiting, BackfillPage? page) => Interlocked.Exchange(
        ref _ahead, _backfill.Total is { } total ? waiting + Math.Max(0, total - _backfill.Read) : page is { Last: false } || (page is null && _backfill.State == BackfillState.Reading) ? long.MaxValue : waiting + (page?.Rows.Count ?? 0));

    private async Task<TimeSpan> StoreAsync(BackfillPage page, List<NewEvent> accepted, List<StoreChange> changes)
    {
        var next = page.Next with { Read = _backfill.Read + page.Rows.Count, Problem = null, State = page.Last ? BackfillState.Running : BackfillState.Reading };
        try
        {
            if (accepted.Count > 0) changes.Insert(0, new AppendEvents(accepted));
            var stored = await commit.CommitAsync(CommitQueue.Intake, new ChangeSet([.. changes, new SaveBackfill(next) { CountsEvents = true }])).ConfigureAwait(false);
            // What is known already is not accepted again.
            var count = stored.EventIds.Count(id => id is not null);
            _backfill = next with { Accepted = next.Accepted + count };
            if (count > 0) signal.Raise(_backfill.Deployment, count);
        }
        catch (CommitFailedException e)
        {
            BackfillLog.StoreFailed(log, _backfill.Id, e);
            return Backoff();
        }

        _backoff = FirstBackoff;
        incidents.Recover(_backfill.Deployment.Workspace, _backfill.Deployment.Id, Incident);
        return page.Pause;
    }

    private async Task<TimeSpan> FailedAsync(OperationError error)
    {
        if (error is { Kind: ErrorKind.RateLimited, Code: OperationError.Budget }) return error.RetryAfter ?? Look;
        if (error.Kind == ErrorKind.Rejected && _backfill is { By: BackfillBy.Feed, Token: not null })
        {
            // A dead token: the stamp beside it says where to go on.
            _backfill = _backfill with { Token = null };
            return TimeSpan.Zero;
        }

        BackfillLog.ReadFailed(log, _backfill.Id, error.Kind, error.Code, error.Message);
        var final = error.Kind == ErrorKind.Rejected || error is { Kind: ErrorKind.Misconfigured, Code: "notSupported" };
        if (final || error.Kind is ErrorKind.Misconfigured or ErrorKind.Authentication)
        {
            incidents.Raise(_backfill.Deployment.Workspace, _backfill.Deployment.Id, Incident, $"The backfill of {_backfill.Entity} {(final ? "failed" : "waits")}: {error.Message}");
        }

        await SaveAsync(_backfill with { State = final ? BackfillState.Failed : _backfill.State, Problem = $"{error.Code}: {error.Message}", EndedAt = final ? time.GetUtcNow() : null }).ConfigureAwait(false);
        return final ? TimeSpan.Zero : error.RetryAfter ?? Backoff();
    }

    private TimeSpan Backoff()
    {
        var pause = _backoff;
        _backoff = _backoff * 2 < MostBackoff ? _backoff * 2 : MostBackoff;
        return pause;
    }

    private async Task SaveAsync(Backfill next)
    {
        try
        {
            await commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([new SaveBackfill(next)])).ConfigureAwait(false);
            _backfill = next;
        }
        catch (CommitFailedException e)
        {
            // The state before stands; it is said again with the next step.
            BackfillLog.StoreFailed(log, _backfill.Id, e);
            await Task.Delay(Look, time).ConfigureAwait(false);
        }
    }
}
