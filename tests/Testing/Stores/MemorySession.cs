using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>The store as one process sees it.</summary>
internal sealed class MemorySession(InMemoryStores store, FakeProcess process)
    : IStoreWriter, IInboxStore, IKeyStateStore, ILinkStore, ICursorStore, IDeadLetterStore, IIncidentStore, IReviewStore, IBackfillStore, IBulkJobStore, IHistoryStore, IRunStore
{
    public Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken) => Locked<IReadOnlyList<ChangeSetResult>>(() =>
    {
        var results = new ChangeSetResult[sets.Count];
        for (var i = 0; i < results.Length; i++) results[i] = Apply(sets[i]);
        return results;
    });

    public Task<IReadOnlyList<ReadyEvent>> ReadReadyAsync(
        DeploymentRef deployment, IReadOnlyList<int> lanes, InFlight inFlight, int limit, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<ReadyEvent>>(() => store.Inbox.Ready(deployment, lanes, inFlight.Keys, limit));

    public Task<IReadOnlyList<ReadyEvent>> ReadWaitingAsync(EventKey key, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<ReadyEvent>>(() => store.Inbox.Waiting(key));

    public Task<IReadOnlyList<EventWork>> ReadWorkAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<EventWork>>(() => store.Inbox.Work(ids));

    public Task<(int Woken, DateTimeOffset? NextDue)> WakeDueAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Locked(() => (store.Inbox.WakeDue(now), store.Inbox.NextDue));

    public Task WakeAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken) => Locked(() =>
    {
        store.Inbox.Wake(ids);
        return true;
    });

    public Task<long> WakeAllAsync(DeploymentRef deployment, IReadOnlyList<int> lanes, DateTimeOffset now, CancellationToken cancellationToken) => Locked(() => store.Inbox.WakeAll(deployment, lanes, now));

    public Task<int> RecoverAsync(IReadOnlyList<int> lanes, CancellationToken cancellationToken) => Locked(() => store.Inbox.Recover(lanes));

    public Task<IReadOnlyList<Review>> ListAsync(ReviewFilter filter, CancellationToken cancellationToken) => Locked<IReadOnlyList<Review>>(() =>
    [
        .. store.Reviews.Values
            .Where(r => r.Asked.Deployment.Workspace == filter.Workspace && (filter.Deployment is null || r.Asked.Deployment.Id == filter.Deployment) && (filter.Open is null || r.IsOpen == filter.Open)
                && (filter.Before is null || string.CompareOrdinal(r.Asked.Id, filter.Before) < 0))
            .OrderByDescending(r => r.Asked.Id, StringComparer.Ordinal).Take(filter.Limit),
    ]);

    public Task<IReadOnlyList<Backfill>> ListAsync(string? workspace, Guid? deployment, BackfillState? state, CancellationToken cancellationToken) => Locked<IReadOnlyList<Backfill>>(() =>
    [
        .. store.Backfills.Values.Where(b => (workspace is null || b.Deployment.Workspace == workspace) && (deployment is null || b.Deployment.Id == deployment) && (state is null || b.State <= state))
            .OrderByDescending(b => b.Id, StringComparer.Ordinal),
    ]);

    Task<Backfill?> IBackfillStore.FindAsync(string workspace, string id, CancellationToken cancellationToken) =>
        Locked(() => store.Backfills.TryGetValue(id, out var found) && found.Deployment.Workspace == workspace ? found : null);

    Task<BulkJob?> IBulkJobStore.FindAsync(string workspace, string wave, CancellationToken cancellationToken) =>
        Locked(() => store.Jobs.TryGetValue(wave, out var found) && found.Workspace == workspace ? found : null);

    Task<Review?> IReviewStore.FindAsync(string workspace, string id, CancellationToken cancellationToken) =>
        Locked(() => store.Reviews.TryGetValue(id, out var review) && review.Asked.Deployment.Workspace == workspace ? review : null);

    public Task<int> ForgetAsync(DateTimeOffset journalBefore, DateTimeOffset runsBefore, int most, CancellationToken cancellationToken) =>
        Locked(() => store.Runs.RemoveAll(r => r.EndedAt < runsBefore) + store.Effects.RemoveAll(e => e.At < runsBefore));

    public Task<bool> IsPendingAsync(DeploymentRef deployment, string trigger, CancellationToken cancellationToken) => Locked(() => store.Inbox.IsPending(deployment, trigger));

    public Task<IReadOnlyList<BacklogCount>> CountAsync(CancellationToken cancellationToken) => Locked<IReadOnlyList<BacklogCount>>(store.Inbox.Counts);

    public Task<IReadOnlyDictionary<EventKey, KeyState>> ReadAsync(IReadOnlyList<EventKey> keys, CancellationToken cancellationToken) =>
        Locked<IReadOnlyDictionary<EventKey, KeyState>>(() => keys.Where(store.KeyStates.ContainsKey).Distinct().ToDictionary(k => k, k => store.KeyStates[k]));

    public Task<IReadOnlyList<LinkRow>> FindAsync(IReadOnlyList<LinkKey> keys, DateTimeOffset now, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<LinkRow>>(() => store.Links.Find(keys, now));

    public Task<IReadOnlyList<LinkRow>> OfRecordAsync(string workspace, string realm, string entity, string recordId, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<LinkRow>>(() => store.Links.OfRecord(workspace, realm, entity, recordId));

    public Task<SourceCursor?> ReadAsync(CursorKey key, CancellationToken cancellationToken) => Locked(() => store.Cursors.GetValueOrDefault(key));

    public Task<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterFilter filter, CancellationToken cancellationToken) => Locked<IReadOnlyList<DeadLetter>>(() =>
    [
        .. store.Letters
            .Where(l => l.Content.Deployment.Workspace == filter.Workspace && (filter.Deployment is null || l.Content.Deployment.Id == filter.Deployment)
                && (filter.State is null || l.State == filter.State) && (filter.Key is null || l.Content.Key == filter.Key)
                && (filter.Fingerprint is null || l.Content.Fingerprint == filter.Fingerprint) && (filter.Run is null || l.Content.RunId == filter.Run) && !(l.Id >= filter.Before))
            .OrderByDescending(l => l.Id).Take(filter.Limit).Select(l => l with { Content = l.Content with { Payload = [], State = null } }),
    ]);

    public Task<DeadLetter?> FindAsync(string workspace, long id, CancellationToken cancellationToken) =>
        Locked(() => store.Letters.Find(l => l.Id == id && l.Content.Deployment.Workspace == workspace));

    public Task<IReadOnlyList<Incident>> ListAsync(string workspace, bool openOnly, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<Incident>>(() => [.. store.Incidents.Values.Where(i => i.Workspace == workspace && (!openOnly || i.RecoveredAt is null))]);

    public Task<IReadOnlyList<RunRow>> ListAsync(RunFilter filter, CancellationToken cancellationToken) => Locked<IReadOnlyList<RunRow>>(() =>
    [
        .. store.Runs
            .Where(r => r.Deployment.Workspace == filter.Workspace && (filter.Deployment is null || r.Deployment.Id == filter.Deployment) && filter.Deployments?.Contains(r.Deployment.Id) != false
                && (filter.Outcome is null || r.Outcome == filter.Outcome) && (filter.Key is null || r.Key == filter.Key) && !(r.EndedAt < filter.Since)
                && (filter.Before is null || string.CompareOrdinal(r.Id, filter.Before) < 0))
            .OrderByDescending(r => r.Id, StringComparer.Ordinal).Take(filter.Limit),
    ]);

    public Task<RunRow?> FindAsync(string workspace, string id, CancellationToken cancellationToken) =>
        Locked(() => store.Runs.Find(r => r.Id == id && r.Deployment.Workspace == workspace));

    public Task<byte[]?> ReadJournalAsync(string workspace, string runId, CancellationToken cancellationToken) =>
        Locked(() => store.Journal.GetValueOrDefault((workspace, runId)));

    public Task<IReadOnlyList<EffectRow>> EffectsOfRunAsync(string workspace, string runId, CancellationToken cancellationToken) =>
        Locked<IReadOnlyList<EffectRow>>(() => [.. store.Effects.Where(e => e.Workspace == workspace && e.RunId == runId)]);

    public Task<IReadOnlyList<EffectRow>> EffectsOfRecordAsync(
        string workspace, string realm, string entity, string recordId, int limit, CancellationToken cancellationToken) => Locked<IReadOnlyList<EffectRow>>(() =>
    [
        .. store.Effects.Where(e => e.Workspace == workspace && e.Realm == realm && e.Entity == entity && e.RecordId == recordId).Reverse().Take(limit),
    ]);

    public Task<IReadOnlyDictionary<Guid, IReadOnlyDictionary<RunOutcome, long>>> CountAllAsync(string workspace, DateTimeOffset? since, CancellationToken cancellationToken) =>
        Locked<IReadOnlyDictionary<Guid, IReadOnlyDictionary<RunOutcome, long>>>(() => store.Runs
            .Where(r => r.Deployment.Workspace == workspace && !(r.EndedAt < since)).GroupBy(r => r.Deployment.Id)
            .ToDictionary(g => g.Key, IReadOnlyDictionary<RunOutcome, long> (g) => g.GroupBy(r => r.Outcome).ToDictionary(o => o.Key, o => o.LongCount())));

    public Task<IReadOnlyDictionary<RunOutcome, long>> CountEndedAsync(DeploymentRef deployment, string trigger, DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken) =>
        Locked<IReadOnlyDictionary<RunOutcome, long>>(() => store.Runs
            .Where(r => r.Deployment == deployment && r.Trigger == trigger && r.EndedAt > after && r.EndedAt <= until && r.ReplayOf is null && r.Priority != CallPriority.Backfill)
            .Select(r => r.Outcome)
            .Concat(store.Letters.Where(l => l.Content.Deployment == deployment && l.Content.Trigger == trigger && l.Content.RunId.Length == 0 && l.Content.At > after && l.Content.At <= until).Select(_ => RunOutcome.Failed))
            .GroupBy(o => o).ToDictionary(g => g.Key, g => g.LongCount()));

    private Task<T> Locked<T>(Func<T> read) => process.DoAsync(() =>
    {
        lock (store.Gate) return read();
    });

    private ChangeSetResult Apply(ChangeSet set)
    {
        foreach (var change in set.Changes)
        {
            if (change is ClaimLinks claim && store.Links.Conflicts(claim) is { Count: > 0 } conflicts) return new ChangeSetResult { Conflicts = conflicts };
        }

        var ids = new List<long?>();
        var letters = new List<long>();
        foreach (var change in set.Changes) Apply(change, ids, letters);
        return new ChangeSetResult { EventIds = ids, DeadLetterIds = letters };
    }

    private void Apply(StoreChange change, List<long?> ids, List<long> letters)
    {
        switch (change)
        {
            case AppendEvents append:
                foreach (var added in append.Events) ids.Add(store.Inbox.Append(added));
                break;
            case SaveCursor cursor: store.Cursors[cursor.Key] = cursor.Cursor; break;
            case PlanEvent plan: store.Inbox.Plan(plan); break;
            case CancelPlanned cancel: store.Inbox.Cancel(cancel); break;
            case HastenPlanned hasten: store.Inbox.Hasten(hasten); break;
            case OpenReview question: store.Reviews.TryAdd(question.Review.Id, new Review(question.Review, ReviewDecision.None, null, null, null, null)); break;
            case DecideReview decide:
                if (store.Reviews.TryGetValue(decide.Id, out var asked) && asked.IsOpen && asked.Asked.Deployment.Workspace == decide.Workspace)
                {
                    store.Reviews[decide.Id] = asked with { Decision = decide.Decision, RecordId = decide.RecordId, Comment = decide.Comment, DecidedBy = decide.By, DecidedAt = decide.At };
                }

                break;
            case SaveBackfill page:
                var backfill = page.With(ids.Count(id => id is not null));
                if (!store.Backfills.TryGetValue(backfill.Id, out var stands) || stands.IsOpen) store.Backfills[backfill.Id] = backfill;
                break;
            case SaveBulkJob { Job: var job }: store.Jobs[job.Wave] = job; break;
            case SaveDeploymentState state: store.States[state.Deployment] = (state.State, state.PausedBecause); break;
            case MarkClaimed claimed: store.Inbox.MarkClaimed(claimed.EventIds); break;
            case SettleEvent settled: store.Inbox.Settle(settled); break;
            case DelayEvent delayed: store.Inbox.Delay(delayed); break;
            case SaveCheckpoint saved: store.Inbox.Checkpoint(saved); break;
            case ClaimLinks claim: store.Links.Claim(claim); break;
            case LinkRecord link: store.Links.Link(link); break;
            case ReleaseLinks release: store.Links.Release(release.Run); break;
            case DropLinks drop: store.Links.Drop(drop.Keys); break;
            case SaveKeyState state: store.KeyStates[state.Key] = state.State; break;
            case AddDeadLetter letter:
                store.Letters.Add(new DeadLetter(store.Letters.Count + 1, letter.Letter, DeadLetterState.Open, null, null));
                letters.Add(store.Letters.Count);
                break;
            case CloseDeadLetters close: Close(close); break;
            case AddRun run: store.Runs.Add(run.Run); break;
            case AddEffects effects: store.Effects.AddRange(effects.Effects); break;
            case AppendJournal journal:
                foreach (var entry in journal.Entries) store.Journal[(journal.Workspace, entry.RunId)] = journal.Block.Slice(entry.Offset, entry.Length).ToArray();
                break;
            case RaiseIncident raised: Raise(raised); break;
            case RecoverIncident over:
                if (store.Incidents.TryGetValue((over.Workspace, over.Deployment, over.Fingerprint), out var open))
                {
                    store.Incidents[(over.Workspace, over.Deployment, over.Fingerprint)] = open with { RecoveredAt = over.At };
                }

                break;
            default: throw new InvalidOperationException($"{change.GetType().Name} is not known.");
        }
    }

    private void Close(CloseDeadLetters close)
    {
        for (var i = 0; i < store.Letters.Count; i++)
        {
            var letter = store.Letters[i];
            if (letter.State != DeadLetterState.Open || letter.Content.Deployment != close.Deployment) continue;
            if (close.Id is { } id ? letter.Id != id : letter.Content.Key != close.Key) continue;
            store.Letters[i] = letter with { State = close.State, Note = close.Note, ClosedAt = close.At };
        }
    }

    private void Raise(RaiseIncident raised)
    {
        var key = (raised.Workspace, raised.Deployment, raised.Fingerprint);
        store.Incidents[key] = store.Incidents.TryGetValue(key, out var open) && open.RecoveredAt is null
            ? open with { Count = open.Count + 1, LastSeen = raised.At, Message = raised.Message }
            : new Incident
            {
                Id = ++store.LastIncident, Workspace = raised.Workspace, Deployment = raised.Deployment, Fingerprint = raised.Fingerprint, Message = raised.Message, Count = 1, FirstSeen = raised.At, LastSeen = raised.At,
            };
    }
}
