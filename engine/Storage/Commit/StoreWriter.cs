using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>Commits change sets: reads what decides (links, same events), walks the sets in order, writes the outcome with one statement per kind. A database that is a round trip away is waited for three times: for what decides, for ids, for the rest.</summary>
internal sealed class StoreWriter(StoreDatabase database, WorkspaceKeys keys, long owner) : IStoreWriter
{
    private static readonly TimeSpan PruneEvery = TimeSpan.FromHours(1);

    // An ended link gives way at once; it is kept a little for people who look for what happened.
    private static readonly TimeSpan EndedLinkMemory = TimeSpan.FromDays(1);

    private DateTimeOffset _pruned;

    /// <summary>Keeps out commits of lanes that are not this node's; null = there is one process.</summary>
    public Fence? Fence { get; set; }

    public async Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
    {
        if (sets.Count == 0) return [];

        // A data key is committed before the first value under it: a key that is lost with a failed transaction would lose the value.
        List<string>? strangers = null;
        foreach (var set in sets)
        {
            Prepare(set);
            if (PreparedOf(set).Strangers is { } ofSet) (strangers ??= []).AddRange(ofSet);
        }

        if (strangers?.Distinct().Where(workspace => !keys.Knows(workspace)).ToList() is { Count: > 0 } unknown) await EnsureKeysAsync(unknown, cancellationToken).ConfigureAwait(false);
        var results = await database.WriteAsync(session => CommitAsync(session, sets, cancellationToken), cancellationToken).ConfigureAwait(false);

        // Who waits for an answer of the vendor keeps its set as long.
        foreach (var set in sets) set.Prepared = null;
        return results;
    }

    public void Prepare(ChangeSet set) => set.Prepared ??= new PreparedSet(set, keys);

    private static PreparedSet PreparedOf(ChangeSet set) => (PreparedSet)set.Prepared!;

    private async Task EnsureKeysAsync(IReadOnlyList<string> workspaces, CancellationToken cancellationToken)
    {
        var wrapped = await database.WriteAsync(session => keys.StoredAsync(session, workspaces, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach (var (workspace, key) in wrapped) keys.Remember(workspace, key);
    }

    private async Task<IReadOnlyList<ChangeSetResult>> CommitAsync(
        StoreSession session, IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
    {
        var links = new LinkBook(database.Dialect);
        var same = new SameEvents(database.Dialect);
        var events = new EventDraft(database.Dialect, keys, owner);
        var planned = new PlannedEvents(database.Dialect, keys);
        var records = new RecordDraft(database.Dialect, keys);
        var judge = Fence is { } fence ? await fence.AskAsync(database.Dialect, session, sets, cancellationToken).ConfigureAwait(false) : null;
        await LoadAsync(session, sets, links, same, cancellationToken).ConfigureAwait(false);
        await database.Dialect.FlushAsync(session, cancellationToken).ConfigureAwait(false);

        var outcomes = new List<Outcome>(sets.Count);
        for (var i = 0; i < sets.Count; i++)
        {
            var set = sets[i];
            if (judge is not null && judge(i))
            {
                outcomes.Add(new Outcome([]) { Fenced = true });
                continue;
            }

            var outcome = new Outcome(Links(set, links));
            if (outcome.Conflicts.Count == 0) Walk(set, outcome, same, events, planned, records);
            outcomes.Add(outcome);
        }

        await links.WriteAsync(session, cancellationToken).ConfigureAwait(false);
        await same.WriteAsync(session, cancellationToken).ConfigureAwait(false);
        await events.BeginAsync(session, cancellationToken).ConfigureAwait(false);
        await records.BeginAsync(session, cancellationToken).ConfigureAwait(false);
        await database.Dialect.FlushAsync(session, cancellationToken).ConfigureAwait(false);
        await events.WriteAsync(session, cancellationToken).ConfigureAwait(false);
        await planned.WriteAsync(session, cancellationToken).ConfigureAwait(false);
        await records.WriteAsync(session, cancellationToken).ConfigureAwait(false);
        await PruneAsync(session, sets, cancellationToken).ConfigureAwait(false);
        await database.Dialect.FlushAsync(session, cancellationToken).ConfigureAwait(false);
        await events.EndAsync(session, cancellationToken).ConfigureAwait(false);
        var results = new ChangeSetResult[outcomes.Count];
        for (var i = 0; i < results.Length; i++) results[i] = Result(outcomes[i], events, records);
        return results;
    }

    /// <summary>Most sets are only carried out: there is nothing to tell of them.</summary>
    private static ChangeSetResult Result(Outcome outcome, EventDraft events, RecordDraft records)
    {
        if (outcome.Fenced) return new ChangeSetResult { Fenced = true };
        if (outcome.Conflicts.Count == 0 && outcome.Events.Count == 0 && outcome.Letters.Count == 0) return ChangeSetResult.Done;
        var ids = new long?[outcome.Events.Count];
        for (var i = 0; i < ids.Length; i++) ids[i] = outcome.Events[i] is >= 0 and var place ? events.IdAt(place) : null;
        return new ChangeSetResult { Conflicts = outcome.Conflicts, EventIds = ids, DeadLetterIds = [.. outcome.Letters.Select(records.LetterIdAt)] };
    }

    /// <summary>Forgets old deliveries and ended links now and then. The time is the events' own, so that a virtual clock decides.</summary>
    private async Task PruneAsync(StoreSession session, IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
    {
        var now = _pruned;
        foreach (var set in sets)
        {
            foreach (var change in set.Changes)
            {
                if (change is AppendEvents append && append.Events.Count > 0 && append.Events.Max(item => item.ReceivedAt) is var last && last > now) now = last;
            }
        }

        if (now - _pruned < PruneEvery) return;
        object?[] deliveries = [(now - SameEvents.DeliveryMemory).UtcTicks];
        object?[] links = [(now - EndedLinkMemory).UtcTicks];
        await database.Dialect.SendAsync(session, SameEventStatements.PruneDeliveries, [deliveries], null, cancellationToken).ConfigureAwait(false);
        await database.Dialect.SendAsync(session, LinkStatements.Prune, [links], null, cancellationToken).ConfigureAwait(false);
        _pruned = now;
    }

    private static async Task LoadAsync(StoreSession session, IReadOnlyList<ChangeSet> sets, LinkBook links, SameEvents same, CancellationToken cancellationToken)
    {
        var linkKeys = new HashSet<LinkKey>();
        var runs = new HashSet<string>(StringComparer.Ordinal);
        var events = new List<NewEvent>();
        foreach (var set in sets)
        {
            foreach (var change in set.Changes)
            {
                switch (change)
                {
                    case AppendEvents append: events.AddRange(append.Events); break;
                    case ClaimLinks claim: linkKeys.UnionWith(claim.Keys); break;
                    case LinkRecord link: linkKeys.UnionWith(link.Links.Select(end => end.Key)); break;
                    case DropLinks drop: linkKeys.UnionWith(drop.Keys); break;
                    case ReleaseLinks release: runs.Add(release.Run); break;
                    default: break;
                }
            }
        }

        // In one order on every node, so that two nodes that lock the same links do not wait for each other.
        await links.LoadAsync(session, [.. linkKeys.OrderBy(key => key.KeyHash, StringComparer.Ordinal)], [.. runs.Order(StringComparer.Ordinal)], cancellationToken)
            .ConfigureAwait(false);
        await same.LoadAsync(session, events, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The set's link changes; when a claim is refused they are undone and the rows in the way answered.</summary>
    private static IReadOnlyList<LinkRow> Links(ChangeSet set, LinkBook links)
    {
        links.Begin();
        var conflicts = new List<LinkRow>();
        foreach (var change in set.Changes)
        {
            switch (change)
            {
                case ClaimLinks claim: conflicts.AddRange(links.Claim(claim)); break;
                case LinkRecord link: links.Link(link); break;
                case ReleaseLinks release: links.Release(release.Run); break;
                case DropLinks drop: links.Drop(drop); break;
                default: break;
            }
        }

        if (conflicts.Count > 0) links.Undo();
        return conflicts;
    }

    private static void Walk(ChangeSet set, Outcome outcome, SameEvents same, EventDraft events, PlannedEvents planned, RecordDraft records)
    {
        var prepared = PreparedOf(set);
        for (var i = 0; i < set.Changes.Count; i++)
        {
            switch (set.Changes[i])
            {
                case AppendEvents append: outcome.Events.AddRange(append.Events.Select(item => same.Drops(item) ? -1 : events.Append(item))); break;
                case PlanEvent plan: planned.Plan(plan); break;
                case CancelPlanned cancel: planned.Cancel(cancel); break;
                case HastenPlanned hasten: planned.Hasten(hasten); break;
                case SaveBackfill page: records.Note(new SaveBackfill(page.With(outcome.Events.Count(place => place >= 0)))); break;
                case OpenReview or DecideReview or SaveDeploymentState or SaveBulkJob: records.Note(set.Changes[i]); break;
                case MarkClaimed claim: events.Claim(claim); break;
                case DelayEvent delay: events.Delay(delay); break;
                case SaveCheckpoint checkpoint: events.Checkpoint(checkpoint, (byte[]?)prepared[i]); break;
                case SettleEvent settle: events.Settle(settle); break;
                case SaveCursor save: records.Save(save); break;
                case SaveKeyState save: records.Save(save, (byte[]?)prepared[i]); break;
                case AddDeadLetter add: outcome.Letters.Add(records.Add(add)); break;
                case CloseDeadLetters close: records.Close(close); break;
                case AddRun add: records.Add(add); break;
                case AddEffects add: records.Add(add, (string[]?)prepared[i]); break;
                case AppendJournal journal: records.Add(journal, (byte[])prepared[i]!); break;
                case RaiseIncident or RecoverIncident: records.Note(set.Changes[i]); break;
                case ClaimLinks or LinkRecord or ReleaseLinks or DropLinks: break;
                default: throw new InvalidOperationException($"The store does not know the change {set.Changes[i].GetType().Name}.");
            }
        }
    }

    private sealed record Outcome(IReadOnlyList<LinkRow> Conflicts)
    {
        /// <summary>Places of the accepted events; -1 = dropped.</summary>
        public List<int> Events { get; } = [];

        public List<int> Letters { get; } = [];

        public bool Fenced { get; init; }
    }
}
