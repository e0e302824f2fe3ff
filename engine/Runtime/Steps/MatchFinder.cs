using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Tries the rules of an upsert in order. Links answer before the vendor's "not found" is believed.</summary>
internal sealed class MatchFinder(StepServices services)
{
    /// <summary>The code of a record that is not there any more.</summary>
    public const string Gone = "notFound";

    private const int MostCandidates = 10;

    public async ValueTask<Match> FindAsync(Run run, UpsertInstruction upsert, object?[] values)
    {
        var rules = new RuleValues[upsert.Rules.Count];
        for (var i = 0; i < rules.Length; i++) rules[i] = RuleValues.Of(upsert.Rules[i], values);
        var match = new Match { Rules = rules };
        IReadOnlyList<LinkRow>? links = null;
        for (var i = 0; i < rules.Length; i++)
        {
            if (rules[i].Skipped)
            {
                match.Because.Add($"{rules[i].Words} has no value");
                continue;
            }

            var answer = await ReadAsync(run, upsert, rules[i].Condition(), MostCandidates).ConfigureAwait(false);
            if (answer.Outcome.Error is { } error)
            {
                match.Ended = StepResult.Failed(error, answer.Charged);
                return match;
            }

            var rows = answer.Outcome.Value!.Rows;
            if (rows.Count == 0)
            {
                links ??= await services.Links.FindAsync(Keys(run, upsert, rules)).ConfigureAwait(false);
                rows = await ByLinkAsync(run, upsert, rules[i], links, match).ConfigureAwait(false);
                if (match.Ended is not null || match.Foreign is not null) return match;
                if (rows.Count == 0)
                {
                    match.Because.Add($"{rules[i].Words} found nothing");
                    continue;
                }
            }

            if (i > 0 && upsert.Adopt is { } adopt)
            {
                rows = await AdoptableAsync(run, adopt, rows, match).ConfigureAwait(false);
                if (match.Ended is not null) return match;
                if (rows.Count == 0)
                {
                    match.Because.Add($"what {rules[i].Words} found may not be taken over");
                    continue;
                }
            }

            var free = Free(run, upsert, rules, i, rows, match);
            if (match.Ended is not null) return match;
            if (match.Candidates is not null)
            {
                match.Rule = i;
                return match;
            }

            if (free.Count == 0)
            {
                match.Because.Add($"what {rules[i].Words} found belongs to another key");
                continue;
            }

            if (free.Count > 1 && upsert.OnAmbiguous == PlanAmbiguous.Review)
            {
                (match.Candidates, match.Asked, match.Rule) = (free, ReviewKind.Ambiguous, i);
                return match;
            }

            if (free.Count > 1 && Choose(upsert, free) is not { } chosen)
            {
                match.Ended = Ambiguous(upsert, free);
                return match;
            }
            else
            {
                match.Record = free.Count == 1 ? free[0] : Choose(upsert, free);
                match.Rule = i;
                return match;
            }
        }

        return match;
    }

    /// <summary>One term: any of its paths equals the value.</summary>
    public static Condition Term(IReadOnlyList<string> paths, object value)
    {
        if (paths.Count == 1) return new FieldCondition(paths[0], Comparison.In, [value]);
        var any = new List<Condition>(paths.Count);
        foreach (var path in paths) any.Add(new FieldCondition(path, Comparison.In, [value]));
        return new AnyOf(any);
    }

    public static LinkKey Key(BoundConnection connection, EntityDescriptor entity, string kind, string hash) =>
        new(connection.Workspace, connection.Realm, connection.OrgName(entity.Name), kind, hash);

    public static StepResult Ambiguous(UpsertInstruction upsert, IReadOnlyList<IReadOnlyDictionary<string, object?>> candidates)
    {
        var ids = new List<string>(candidates.Count);
        foreach (var candidate in candidates) ids.Add(Id(upsert.Entity, candidate));
        return StepResult.Failed(
            new OperationError(ErrorKind.Conflict, "ambiguous", $"Several records of {upsert.Entity.Name} match: {string.Join(", ", ids)}") { RecordIds = ids });
    }

    public static string Id(EntityDescriptor entity, IReadOnlyDictionary<string, object?> record) =>
        record.GetValueOrDefault(entity.IdField) is { } id ? FieldValues.AsText(id) ?? "" : "";

    private static List<LinkKey> Keys(Run run, UpsertInstruction upsert, RuleValues[] rules)
    {
        var connection = run.Connection(upsert.Connection);
        var keys = new List<LinkKey>(rules.Length);
        foreach (var rule in rules)
        {
            if (!rule.Skipped) keys.Add(Key(connection, upsert.Entity, rule.Rule.Kind, rule.Hash));
        }

        return keys;
    }

    private async ValueTask<IReadOnlyList<IReadOnlyDictionary<string, object?>>> ByLinkAsync(
        Run run, UpsertInstruction upsert, RuleValues rule, IReadOnlyList<LinkRow> links, Match match)
    {
        var key = Key(run.Connection(upsert.Connection), upsert.Entity, rule.Rule.Kind, rule.Hash);
        foreach (var link in links)
        {
            if (link.Key != key) continue;
            if (link.RecordId is null)
            {
                if (link.OwnerRun != run.State.RunId) match.Foreign = link;
                return [];
            }

            var answer = await ReadAsync(run, upsert, new FieldCondition(upsert.Entity.IdField, Comparison.In, [link.RecordId]), 1).ConfigureAwait(false);
            if (answer.Outcome.Error is { } error)
            {
                match.Ended = StepResult.Failed(error, answer.Charged);
                return [];
            }

            if (answer.Outcome.Value!.Rows.Count == 0)
            {
                match.Ended = await services.RecentCreates.WaitAsync(run, run.Connection(upsert.Connection), upsert.Entity, link.RecordId).ConfigureAwait(false);

                // The record is gone: the link says nothing any more.
                if (match.Ended is null) (match.Dead ??= []).Add(key);
            }

            return answer.Outcome.Value.Rows;
        }

        return [];
    }

    /// <summary>Those of the records that the step's own condition lets it take over.</summary>
    private async ValueTask<IReadOnlyList<IReadOnlyDictionary<string, object?>>> AdoptableAsync(Run run, PlanMapping adopt, IReadOnlyList<IReadOnlyDictionary<string, object?>> rows, Match match)
    {
        var result = new List<IReadOnlyDictionary<string, object?>>(rows.Count);
        foreach (var row in rows)
        {
            run.State.Slots[Slots.Found] = row;
            var evaluated = await services.Evaluator.EvaluateAsync(adopt, run.State.Slots, default).ConfigureAwait(false);
            run.State.Slots[Slots.Found] = null;
            if (evaluated.Fault is { } fault)
            {
                match.Ended = StepResult.Of(fault, adopt);
                return [];
            }

            if (evaluated.Values[0] is true) result.Add(row);
            // Somebody else has the value too: it is no key to claim a new record by.
            else match.OwnedSeen = true;
        }

        return result;
    }

    private static List<IReadOnlyDictionary<string, object?>> Free(
        Run run, UpsertInstruction upsert, RuleValues[] rules, int at, IReadOnlyList<IReadOnlyDictionary<string, object?>> rows, Match match)
    {
        var free = new List<IReadOnlyDictionary<string, object?>>(rows.Count);
        foreach (var row in rows)
        {
            if (at == 0 || !IsOwned(run, upsert, rules[0], row))
            {
                free.Add(row);
                continue;
            }

            match.OwnedSeen = true;
            switch (upsert.OnOwned)
            {
                case PlanOwned.Share:
                    match.Shared = true;
                    free.Add(row);
                    break;
                case PlanOwned.Review:
                    (match.Candidates, match.Asked) = ([row], ReviewKind.Owned);
                    return [];
                case PlanOwned.Fail:
                    var id = Id(upsert.Entity, row);
                    match.Ended = StepResult.Failed(
                        new OperationError(ErrorKind.Conflict, "owned", $"The {upsert.Entity.Name} {id} that matches belongs to another key.") { RecordIds = [id] });
                    return [];
            }
        }

        return free;
    }

    private static bool IsOwned(Run run, UpsertInstruction upsert, RuleValues first, IReadOnlyDictionary<string, object?> row)
    {
        if (!first.Rule.Written) return false;
        if (run.State.Owned.Contains(Id(upsert.Entity, row))) return true;
        for (var i = 0; i < first.Rule.Terms.Count; i++)
        {
            var term = first.Rule.Terms[i];
            foreach (var path in term.Paths)
            {
                var there = FieldComparison.Key(term.Field, RecordPath.Read(row, path));
                if (there is not null && there != first.Keys[i]) return true;
            }
        }

        return false;
    }

    private static IReadOnlyDictionary<string, object?>? Choose(UpsertInstruction upsert, List<IReadOnlyDictionary<string, object?>> candidates)
    {
        if (upsert.OnAmbiguous is not (PlanAmbiguous.Newest or PlanAmbiguous.Oldest)) return null;
        IReadOnlyDictionary<string, object?>? best = null;
        string? bestAge = null;
        foreach (var candidate in candidates)
        {
            // The vendor's creation time where it is read, else the id, which grows with time at both vendors.
            var age = (candidate.GetValueOrDefault("CreatedDate") ?? candidate.GetValueOrDefault("createdOn")) is { } created
                ? FieldValues.AsText(created) ?? ""
                : Id(upsert.Entity, candidate).PadLeft(20);
            var order = bestAge is null ? 0 : string.CompareOrdinal(age, bestAge);
            if (bestAge is not null && (upsert.OnAmbiguous == PlanAmbiguous.Newest ? order <= 0 : order >= 0)) continue;
            (best, bestAge) = (candidate, age);
        }

        return best;
    }

    /// <summary>One record by its id, as it is now; null when it is gone.</summary>
    public async ValueTask<(IReadOnlyDictionary<string, object?>? Record, StepResult? Failed)> ByIdAsync(Run run, UpsertInstruction upsert, string id)
    {
        var answer = await ReadAsync(run, upsert, new FieldCondition(upsert.Entity.IdField, Comparison.In, [id]), 1).ConfigureAwait(false);
        if (answer.Outcome.Error is { } error) return (null, StepResult.Failed(error, answer.Charged));
        return answer.Outcome.Value!.Rows is [var record, ..] ? (record, null) : (null, StepResult.Failed(ErrorKind.Rejected, Gone, $"The {upsert.Entity.Name} {id} that was chosen is gone."));
    }

    private Task<Answer<ReadRows>> ReadAsync(Run run, UpsertInstruction upsert, Condition condition, int cap) => services.Batcher.ReadAsync(
        new ReadAsk
        {
            Connection = run.Connection(upsert.Connection), Entity = upsert.Entity.Name, Fields = upsert.Select, Condition = condition, RowCap = cap,
            IncludeInactive = true, Priority = run.State.Priority, Step = upsert.Step.Name, Timeout = upsert.Step.Timeout,
        },
        default);
}
