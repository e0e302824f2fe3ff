using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary><c>upsert</c>: update what the rules find, else create; never without a claim, never a record of another key.</summary>
internal sealed class UpsertExecutor(StepServices services, MatchFinder finder, EffectSender sender)
{
    private readonly DeletedRecords _deleted = new(services, sender);

    private const int MostRounds = 3;

    private static readonly Dictionary<string, object?> NoRecord = [];

    private static readonly TimeSpan ConflictPause = TimeSpan.FromSeconds(10);

    /// <summary>Most runs in memory wait in here for the vendor: what has nothing to do behind the answer keeps no frame for it.</summary>
    public ValueTask<StepResult> ExecuteAsync(Run run, UpsertInstruction upsert) => run.State.Intent is { } pending ? ResumeAsync(run, upsert, pending) : MapAsync(run, upsert);

    private async ValueTask<StepResult> ResumeAsync(Run run, UpsertInstruction upsert, PendingIntent pending)
    {
        var sent = await sender.ResumeAsync(run, upsert, pending).ConfigureAwait(false);
        if (pending.Kind != IntentKind.Restore) return await FinishAsync(run, upsert, pending, sent).ConfigureAwait(false) ?? StepResult.Park(services.Now, "matches again");
        return sent.Ended ?? await MapAsync(run, upsert).ConfigureAwait(false);
    }

    private ValueTask<StepResult> MapAsync(Run run, UpsertInstruction upsert)
    {
        if (upsert.Values is not { } mapping) return WriteAsync(run, upsert, []);
        var evaluating = services.Evaluator.EvaluateAsync(mapping, run.State.Slots, default);
        return evaluating.IsCompletedSuccessfully ? EvaluatedAsync(run, upsert, mapping, evaluating.Result) : WhenEvaluatedAsync(run, upsert, mapping, evaluating);
    }

    private async ValueTask<StepResult> WhenEvaluatedAsync(Run run, UpsertInstruction upsert, PlanMapping mapping, ValueTask<Evaluated> evaluating) =>
        await EvaluatedAsync(run, upsert, mapping, await evaluating.ConfigureAwait(false)).ConfigureAwait(false);

    private ValueTask<StepResult> EvaluatedAsync(Run run, UpsertInstruction upsert, PlanMapping mapping, Evaluated evaluated) =>
        evaluated.Fault is { } fault ? new(StepResult.Of(fault, mapping)) : WriteAsync(run, upsert, evaluated.Values);

    private ValueTask<StepResult> WriteAsync(Run run, UpsertInstruction upsert, object?[] values) => upsert.Direct ? DirectAsync(run, upsert, values) : MatchedAsync(run, upsert, values);

    private async ValueTask<StepResult> MatchedAsync(Run run, UpsertInstruction upsert, object?[] values)
    {
        Match? chosen = null;
        while (true)
        {
            var match = chosen ?? await finder.FindAsync(run, upsert, values).ConfigureAwait(false);
            if (match.Ended is { } ended) return ended;
            if (match.Foreign is { } foreign) return await WaitAsync(run, upsert, [foreign]).ConfigureAwait(false);
            if (match.Candidates is not null && await DecideAsync(run, upsert, values, match).ConfigureAwait(false) is { } undecided) return undecided;
            if (match.Rule > 0 || (match.Record is null && match.OwnedSeen)) Notes.Took(run, upsert.Step, match.Explain());
            PendingIntent? intent;
            if (match.Record is { } record)
            {
                (intent, var failed) = await UpdateAsync(run, upsert, values, match, record).ConfigureAwait(false);
                if (failed is { } why) return why;
                if (intent is null) return Done(run, upsert, MatchFinder.Id(upsert.Entity, record), record, created: false, changed: false);
            }
            else
            {
                if (upsert.OnDeleted != PlanDeleted.Create && !match.Rules[0].Skipped)
                {
                    var (restored, met) = await _deleted.MeetAsync(run, upsert, match.Rules[0]).ConfigureAwait(false);
                    if (met is { } becomes) return becomes;
                    if (restored) continue;
                }

                intent = Create(run, upsert, values, match, out var problem);
                if (problem is not null) return StepResult.Failed(problem);
                if (!intent!.Repeatable && services.RecentCreates.WaitForChildren(run, run.Connection(upsert.Connection), match.Rules) is { } hidden) return hidden;
            }

            if (match.Dead is { } dead) await services.Commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([new DropLinks(dead)])).ConfigureAwait(false);
            var sent = await sender.SendAsync(run, upsert, intent!).ConfigureAwait(false);
            if (sent.Conflicts is null)
            {
                if (await FinishAsync(run, upsert, intent!, sent).ConfigureAwait(false) is { } finished) return finished;
                if (await ChooseAsync(run, upsert, values, match, sent.Ended!.Error!, chosen).ConfigureAwait(false) is { } unchosen) return unchosen;
                chosen = match;
                continue;
            }

            if (await ConflictAsync(run, upsert, sent.Conflicts).ConfigureAwait(false) is { } waits) return waits;
        }
    }

    /// <summary>The vendor still names records that are in the way and the rules do not find: which one is meant is for a person. Null: it is decided and the match says how.</summary>
    private async ValueTask<StepResult?> ChooseAsync(Run run, UpsertInstruction upsert, object?[] values, Match match, OperationError refused, Match? chosen)
    {
        // What was chosen is refused too.
        if (chosen is not null) return Refused(upsert, refused);
        var known = new List<IReadOnlyDictionary<string, object?>>();
        foreach (var id in refused.RecordIds.Distinct())
        {
            var (record, failed) = await finder.ByIdAsync(run, upsert, id).ConfigureAwait(false);
            if (record is not null) known.Add(record);
            else if (failed!.Error is { Code: not MatchFinder.Gone }) return failed;
        }

        if (known.Count == 0) return Refused(upsert, refused);
        (match.Candidates, match.Asked, match.Rule) = (known, ReviewKind.Ambiguous, 0);
        var undecided = await DecideAsync(run, upsert, values, match, Words(upsert, refused)).ConfigureAwait(false);
        match.Candidates = null;
        return undecided;
    }

    private static StepResult Refused(UpsertInstruction upsert, OperationError error) => StepResult.Failed(error with { Code = "ambiguous", Message = Words(upsert, error) });

    private static string Words(UpsertInstruction upsert, OperationError error) => $"The vendor refuses a duplicate of {upsert.Entity.Name}: {error.Message}";

    /// <summary>Asks a person about the records that match. Null: it is decided and the match says how.</summary>
    private async ValueTask<StepResult?> DecideAsync(Run run, UpsertInstruction upsert, object?[] values, Match match, string? because = null)
    {
        var candidates = match.Candidates!;
        var wanted = new Dictionary<string, object?>();
        if ((FieldLines.Collect(upsert.Set, values, upsert.Empty, true, wanted) ?? FieldLines.Collect(upsert.SetOnCreate, values, upsert.Empty, true, wanted)) is { } problem) return StepResult.Failed(problem);
        var ids = string.Join(", ", candidates.Select(c => MatchFinder.Id(upsert.Entity, c)));
        var message = because is not null ? because : match.Asked == ReviewKind.Owned ? $"The {upsert.Entity.Name} {ids} that matches belongs to another key." : $"Several records of {upsert.Entity.Name} match: {ids}.";
        var (decided, waits) = await services.Reviews.AskAsync(run, id => services.Reviews.About(id, match.Asked, run, upsert, candidates, wanted, message)).ConfigureAwait(false);
        if (decided is null) return waits;
        Notes.Took(run, upsert.Step, $"{decided.DecidedBy} decided: {decided.Decision} {decided.RecordId}");
        switch (decided.Decision)
        {
            case ReviewDecision.Use:
                var (record, failed) = await finder.ByIdAsync(run, upsert, decided.RecordId!).ConfigureAwait(false);
                if (failed is not null) return failed;
                match.Record = record;

                // What belongs to another key keeps it.
                match.Shared = match.Asked == ReviewKind.Owned;
                return null;
            case ReviewDecision.Create:
                match.OwnedSeen = true;
                return null;
            default:
                return StepResult.Stopped($"{decided.DecidedBy} decided to leave it ({upsert.Step.Name})");
        }
    }

    private async ValueTask<StepResult> DirectAsync(Run run, UpsertInstruction upsert, object?[] values)
    {
        var fields = new Dictionary<string, object?>();
        if (FieldLines.Collect(upsert.Set, values, upsert.Empty, false, fields) is { } problem) return StepResult.Failed(problem);
        var rule = RuleValues.Of(upsert.Rules[0], values);
        if (rule.Skipped) return StepResult.Failed(ErrorKind.Rejected, "noKey", $"The key {upsert.Rules[0].Kind} of {upsert.Entity.Name} is empty.");
        var field = rule.Rule.Terms[0].Paths[0];
        fields.Remove(field);
        var intent = new PendingIntent
        {
            Kind = IntentKind.Upsert, Connection = upsert.Connection, Entity = upsert.Entity.Name, KeyField = field, Key = rule.Values[0],
            Fields = fields, Options = FieldLines.Options(upsert.Step, values), At = services.Now, Repeatable = true,
        };
        var sent = await sender.SendAsync(run, upsert, intent).ConfigureAwait(false);
        return await FinishAsync(run, upsert, intent, sent).ConfigureAwait(false) ?? await ChosenAsync(run, upsert, values, rule, sent.Ended!.Error!).ConfigureAwait(false);
    }

    /// <summary>The key is another record's at the vendor: a person chooses the record that is written.</summary>
    private async ValueTask<StepResult> ChosenAsync(Run run, UpsertInstruction upsert, object?[] values, RuleValues rule, OperationError refused)
    {
        var match = new Match { Rules = [rule] };
        if (await ChooseAsync(run, upsert, values, match, refused, null).ConfigureAwait(false) is { } undecided) return undecided;
        if (match.Record is not { } record) return Refused(upsert, refused);
        var (update, failed) = await UpdateAsync(run, upsert, values, match, record).ConfigureAwait(false);
        if (failed is { } why) return why;
        if (update is null) return Done(run, upsert, MatchFinder.Id(upsert.Entity, record), record, created: false, changed: false);
        var sent = await sender.SendAsync(run, upsert, update).ConfigureAwait(false);
        return await FinishAsync(run, upsert, update, sent).ConfigureAwait(false) ?? Refused(upsert, sent.Ended!.Error!);
    }

    private PendingIntent? Create(Run run, UpsertInstruction upsert, object?[] values, Match match, out OperationError? problem)
    {
        var fields = new Dictionary<string, object?>();
        problem = FieldLines.Collect(upsert.Set, values, upsert.Empty, true, fields) ?? FieldLines.Collect(upsert.SetOnCreate, values, upsert.Empty, true, fields);
        if (problem is not null) return null;
        var connection = run.Connection(upsert.Connection);
        var claims = new List<LinkKey>(match.Rules.Length);
        RuleValues? lookup = null;
        RuleValues? unique = null;
        var firstClaimed = false;
        for (var i = 0; i < match.Rules.Length; i++)
        {
            var rule = match.Rules[i];
            if (rule.Skipped) continue;
            lookup ??= rule;
            if (i == 0 && rule.Rule.VendorUnique && rule.Rule.Written) unique = rule;
            if (rule.Rule.VendorUnique) continue;

            // A record that belongs to another key holds the later values already: only the own key is ours to claim.
            if (match.OwnedSeen && i > 0) continue;
            if (i == 0) firstClaimed = true;
            claims.Add(MatchFinder.Key(connection, upsert.Entity, rule.Rule.Kind, rule.Hash));
        }

        if (lookup is null)
        {
            problem = new OperationError(ErrorKind.Rejected, "noKey", $"Every match rule of {upsert.Entity.Name} has an empty value, so a lost answer could not be resolved.");
            return null;
        }

        var field = unique?.Rule.Terms[0].Paths[0];
        if (field is not null) fields.Remove(field);
        return new PendingIntent
        {
            Kind = unique is null ? IntentKind.Create : IntentKind.Upsert, Connection = upsert.Connection, Entity = upsert.Entity.Name, KeyField = field,
            Key = unique?.Values[0], Lookup = lookup.Lookup(), Fields = fields, Options = FieldLines.Options(upsert.Step, values),
            Claims = claims, FirstStays = firstClaimed, Created = true, At = services.Now, Repeatable = unique is not null,
        };
    }

    private async ValueTask<(PendingIntent? Intent, StepResult? Failed)> UpdateAsync(
        Run run, UpsertInstruction upsert, object?[] values, Match match, IReadOnlyDictionary<string, object?> record)
    {
        var fields = new Dictionary<string, object?>();
        if (FieldLines.Collect(upsert.Set, values, upsert.Empty, false, fields) is { } problem) return (null, StepResult.Failed(problem));
        if (upsert.UpdateValues is { } mapping)
        {
            run.State.Slots[Slots.Found] = record;
            var evaluated = await services.Evaluator.EvaluateAsync(mapping, run.State.Slots, default).ConfigureAwait(false);
            run.State.Slots[Slots.Found] = null;
            if (evaluated.Fault is { } fault) return (null, StepResult.Of(fault, mapping));
            if (FieldLines.Collect(upsert.SetOnUpdate, evaluated.Values, upsert.Empty, false, fields) is { } wrong) return (null, StepResult.Failed(wrong));
        }

        if (match.Shared)
        {
            foreach (var term in match.Rules[0].Rule.Terms) fields.Remove(term.Paths[0]);
        }

        if (!(upsert.SkipUnchanged ? FieldLines.DropEqual(fields, record, [.. upsert.SetOnUpdate, .. upsert.Set]) : fields.Count > 0)) return (null, null);
        var id = MatchFinder.Id(upsert.Entity, record);
        var first = match.Rules[0];
        List<LinkKey>? claims = null;
        var stays = false;
        if (match.Rule > 0 && !match.Shared && first is { Skipped: false, Rule.Written: true })
        {
            // Adoption: the key is written to a record that has none, so nobody else may take the record or the key meanwhile.
            var connection = run.Connection(upsert.Connection);
            claims = new List<LinkKey>(2);
            stays = !first.Rule.VendorUnique;
            if (stays) claims.Add(MatchFinder.Key(connection, upsert.Entity, first.Rule.Kind, first.Hash));
            claims.Add(MatchFinder.Key(connection, upsert.Entity, LinkHash.AdoptionPrefix + first.Rule.Kind, id));
        }

        return (new PendingIntent
        {
            Kind = IntentKind.Update, Connection = upsert.Connection, Entity = upsert.Entity.Name, RecordId = id, Fields = fields,
            Options = FieldLines.Options(upsert.Step, values), Claims = claims ?? (IReadOnlyList<LinkKey>)[], FirstStays = stays, Before = record,
            At = services.Now, Repeatable = true,
            Alias = !match.Shared && first is { Skipped: false, Rule.VendorUnique: true, Rule.Terms.Count: 1 } ? $"key:{first.Rule.Terms[0].Paths[0]}={FieldValues.AsText(first.Values[0])}" : null,
        }, null);
    }

    /// <returns>Null: the vendor refuses it still, and a person is to be asked.</returns>
    private async ValueTask<StepResult?> FinishAsync(Run run, UpsertInstruction upsert, PendingIntent intent, SentEffect sent)
    {
        if (sent.Conflicts is { } conflicts) return await ConflictAsync(run, upsert, conflicts).ConfigureAwait(false) ?? StepResult.Park(services.Now, "matches again");
        if (sent.Ended is { } ended)
        {
            if (ended.Error is not { Kind: ErrorKind.Conflict } error) return ended;

            // The vendor knows a record that we did not find: it shows later, or two share the value.
            if (++run.State.MatchRounds > MostRounds)
            {
                return upsert.OnAmbiguous == PlanAmbiguous.Review && error.RecordIds.Count > 0 ? null : Refused(upsert, error);
            }

            var settle = run.Connection(upsert.Connection).Settle;
            run.State.Attempts.Add(AttemptLine.Of(services.Now, upsert.Step.Name, error));
            return StepResult.Park(services.Now + (run.State.MatchRounds switch { 1 => TimeSpan.Zero, 2 => ConflictPause, _ => settle }), "the vendor knows a duplicate; matches again");
        }

        var result = sent.Result!;
        if (upsert.Step.Output < 0) return Done(run, upsert, result.Id, NoRecord, result.Created, changed: true);
        var record = FieldLines.After(intent.Before, intent.Fields, upsert.Entity.IdField, result.Id);
        if (intent.KeyField is { } key) record[key] = intent.Key;
        if (result.Record is { } answered)
        {
            foreach (var (name, value) in answered) record[name] = value;
        }

        return Done(run, upsert, result.Id, record, result.Created, changed: true);
    }

    private static StepResult Done(Run run, UpsertInstruction upsert, string id, IReadOnlyDictionary<string, object?> record, bool created, bool changed)
    {
        // What was taken back has changed, though its fields may stand as they were.
        changed |= upsert.OnDeleted == PlanDeleted.Restore && run.State.Effects.Exists(e => e.Verb == Notes.Restored && e.RecordId == id && e.Step == upsert.Step.Name);
        if (!changed) Notes.Unchanged(run, upsert, id);
        if (upsert.Step.Output >= 0)
        {
            run.State.Slots[upsert.Step.Output] = new Dictionary<string, object?>(4) { ["id"] = id, ["created"] = created, ["changed"] = changed, ["record"] = record };
        }

        run.State.EnterStep(run.State.Counter + 1);
        return StepResult.Done;
    }

    /// <summary>Null: match again at once.</summary>
    private async ValueTask<StepResult?> ConflictAsync(Run run, UpsertInstruction upsert, IReadOnlyList<LinkRow> conflicts)
    {
        List<LinkRow>? claimed = null;
        foreach (var conflict in conflicts)
        {
            if (conflict.RecordId is null) (claimed ??= []).Add(conflict);
            else if (conflict.Key.Kind.StartsWith(LinkHash.AdoptionPrefix, StringComparison.Ordinal)) run.State.Owned.Add(conflict.RecordId);
        }

        if (claimed is not null) return await WaitAsync(run, upsert, claimed).ConfigureAwait(false);
        // Nobody is waited for here: each round asks the vendor again.
        return ++run.State.MatchRounds > MostRounds
            ? StepResult.Failed(ErrorKind.Conflict, "claimed", $"Another run had created the same {upsert.Entity.Name} at {MostRounds} tries in a row.")
            : null;
    }

    /// <summary>Parks until the other run's create is answered; then the rules are tried again.</summary>
    private async ValueTask<StepResult> WaitAsync(Run run, UpsertInstruction upsert, IReadOnlyList<LinkRow> claimed)
    {
        if (ClaimWait.Next(run, upsert.Entity.Name) is { } tooOften) return tooOften;
        var keys = new List<LinkKey>(claimed.Count);
        var due = services.Now + run.Connection(upsert.Connection).Settle;
        foreach (var claim in claimed)
        {
            keys.Add(claim.Key);
            if (claim.EndsAt is { } end && end > due) due = end;
        }

        var waiter = services.Waiters.Register(run.Event.Id, keys);

        // The answer may have come before the waiter stood in the list.
        foreach (var link in await services.Links.FindAsync(keys).ConfigureAwait(false))
        {
            if (link.RecordId is not null) continue;
            run.Waiter = waiter;
            return StepResult.Park(due, DelayEvent.ForAnotherRun);
        }

        services.Waiters.Forget(waiter);
        return StepResult.Park(services.Now, "another run has created the record");
    }
}
