using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>
/// <c>merge</c>: one intent for each record that goes up in the survivor; the survivor's fields are settled with the first. What is merged already is gone when the records are read, so a run
/// that was interrupted goes on with the rest. The links of a record that went up lead to the survivor.
/// </summary>
internal sealed class MergeExecutor(StepServices services, EffectSender sender)
{
    public async ValueTask<StepResult> ExecuteAsync(Run run, MergeInstruction merge)
    {
        var state = run.State;
        if (state.Intent is { } pending)
        {
            var resumed = await sender.ResumeAsync(run, merge, pending).ConfigureAwait(false);
            if (resumed.Ended is { } ended) return ended;
            await RepointAsync(run, merge, pending.Absorb, pending.RecordId!).ConfigureAwait(false);
            state.ItemsDone++;
        }

        var evaluated = await services.Evaluator.EvaluateAsync(merge.Values!, state.Slots, default).ConfigureAwait(false);
        if (evaluated.Fault is { } fault) return StepResult.Of(fault, merge.Values!);
        var values = evaluated.Values;
        if (values[merge.Keep] is not { } given || FieldValues.AsText(given) is not { Length: > 0 } keep)
        {
            return StepResult.Failed(ErrorKind.Rejected, "noKey", $"merge: there is no {merge.Entity.Name} to keep ({merge.Step.Place}).");
        }

        var remove = Ids(values[merge.Remove], keep);
        if (remove.Count == 0) return Done(run, merge, keep);
        var (records, failed) = await ReadAsync(run, merge, keep, remove).ConfigureAwait(false);
        if (failed is { } why) return why;

        // The survivor got its fields with the first; from the records as they are now they would come out otherwise.
        var (fields, problem) = state.ItemsDone > 0 ? ([], null) : await FieldsAsync(run, merge, records).ConfigureAwait(false);
        if (problem is { } wrong) return wrong;
        var because = merge.Because < 0 || values[merge.Because] is not { } words ? null : merge.Values!.Hidden.Contains(merge.Because) ? HiddenValues.Shown : FieldValues.AsText(words);
        if (records.Count > 1) Notes.Took(run, merge.Step, Explain(merge, records, fields, because));
        foreach (var gone in records.Skip(1))
        {
            var id = MatchFinder.Id(merge.Entity, gone);
            var intent = new PendingIntent
            {
                Kind = IntentKind.Merge, Connection = merge.Connection, Entity = merge.Entity.Name, RecordId = keep, Absorb = [id], Because = because, Fields = fields,
                Options = FieldLines.Options(merge.Step, values), Before = records[0], At = services.Now, Repeatable = true,
            };
            var sent = await sender.SendAsync(run, merge, intent).ConfigureAwait(false);
            if (sent.Ended is { } ended) return ended;
            await RepointAsync(run, merge, [id], keep).ConfigureAwait(false);
            state.ItemsDone++;
            fields = [];
        }

        return Done(run, merge, keep);
    }

    private static List<string> Ids(object? value, string keep)
    {
        var ids = new List<string>();
        foreach (var item in value as IReadOnlyList<object?> ?? [value])
        {
            if (item is not null && FieldValues.AsText(item) is { Length: > 0 } id && id != keep && !ids.Contains(id)) ids.Add(id);
        }

        return ids;
    }

    /// <summary>The survivor, and those of the others that are still there.</summary>
    private async ValueTask<(List<IReadOnlyDictionary<string, object?>> Records, StepResult? Failed)> ReadAsync(Run run, MergeInstruction merge, string keep, List<string> remove)
    {
        var connection = run.Connection(merge.Connection);
        var answer = await services.Batcher.ReadAsync(
            new ReadAsk
            {
                Connection = connection, Entity = merge.Entity.Name, Fields = merge.Select, Condition = new FieldCondition(merge.Entity.IdField, Comparison.In, [keep, .. remove]),
                RowCap = remove.Count + 1, IncludeInactive = true, Priority = run.State.Priority, Timeout = merge.Step.Timeout,
            },
            default).ConfigureAwait(false);
        if (answer.Outcome.Error is { } error) return ([], StepResult.Failed(error, answer.Charged));
        run.Used.Add(connection.Name);
        var byId = answer.Outcome.Value!.Rows.ToDictionary(r => MatchFinder.Id(merge.Entity, r), StringComparer.Ordinal);
        foreach (var id in (string[])[keep, .. remove])
        {
            if (!byId.ContainsKey(id) && await services.RecentCreates.WaitAsync(run, connection, merge.Entity, id).ConfigureAwait(false) is { } waits) return ([], waits);
        }

        if (!byId.TryGetValue(keep, out var survivor)) return ([], StepResult.Failed(ErrorKind.Rejected, "notFound", $"The {merge.Entity.Name} {keep} that others are to be merged into is not there."));
        return ([survivor, .. remove.Where(byId.ContainsKey).Select(id => byId[id])], null);
    }

    /// <summary>What the survivor gets that it has not.</summary>
    private async ValueTask<(Dictionary<string, object?> Fields, StepResult? Failed)> FieldsAsync(Run run, MergeInstruction merge, List<IReadOnlyDictionary<string, object?>> records)
    {
        object?[] computed = [];
        if (merge.SurvivorValues is { } mapping)
        {
            run.State.Slots[merge.Records] = records.ToList<object?>();
            var evaluated = await services.Evaluator.EvaluateAsync(mapping, run.State.Slots, default).ConfigureAwait(false);
            run.State.Slots[merge.Records] = null;
            if (evaluated.Fault is { } fault) return ([], StepResult.Of(fault, mapping));
            computed = evaluated.Values;
        }

        var fields = new Dictionary<string, object?>();
        foreach (var (line, rule) in merge.Survivorship)
        {
            if (rule == PlanSurvivor.Expression)
            {
                if (FieldLines.Collect([line], computed, merge.Empty, false, fields) is { } problem) return ([], StepResult.Failed(problem));
            }
            else if (Survivor(merge.Entity, line, rule, records) is { } value)
            {
                fields[line.Path] = value;
            }
        }

        FieldLines.DropEqual(fields, records[0], [.. merge.Survivorship.Select(s => s.Line)]);
        return (fields, null);
    }

    /// <summary>What goes up in what and why, and whose value each field that changes gets, without a value of a record.</summary>
    private static string Explain(MergeInstruction merge, List<IReadOnlyDictionary<string, object?>> records, Dictionary<string, object?> fields, string? because)
    {
        var text = new StringBuilder("merges ").AppendJoin(", ", records.Skip(1).Select(r => MatchFinder.Id(merge.Entity, r))).Append(" into ").Append(MatchFinder.Id(merge.Entity, records[0]));
        if (because is not null) text.Append(", because ").Append(because);
        foreach (var (line, rule) in merge.Survivorship)
        {
            if (!fields.TryGetValue(line.Path, out var value)) continue;
            text.Append("; ").Append(line.Path).Append(' ').Append(rule.ToString().ToLowerInvariant());
            var whose = rule == PlanSurvivor.Expression ? null : records.Find(r => Equals(RecordPath.Read(r, line.Path), value));
            if (whose is not null) text.Append(" of ").Append(MatchFinder.Id(merge.Entity, whose));
        }

        return text.ToString();
    }

    private static object? Survivor(EntityDescriptor entity, PlanFieldLine line, PlanSurvivor rule, List<IReadOnlyDictionary<string, object?>> records)
    {
        object? best = null;
        string? bestAge = null;
        foreach (var record in records)
        {
            var value = RecordPath.Read(record, line.Path);
            if (rule == PlanSurvivor.Keep) return value;
            if (FieldValues.IsEmpty(value)) continue;
            if (rule == PlanSurvivor.Filled) return value;
            if (rule == PlanSurvivor.Longest)
            {
                if (best is null || Length(value) > Length(best)) best = value;
                continue;
            }

            // By the time of the last change where the vendor tells it, else by the id, which grows with time at both vendors.
            var age = entity.VersionField is { } version && RecordVersion.Of(RecordPath.Read(record, version)) is { } changed ? changed : MatchFinder.Id(entity, record).PadLeft(20);
            var order = bestAge is null ? 0 : string.CompareOrdinal(age, bestAge);
            if (bestAge is not null && (rule == PlanSurvivor.Newest ? order <= 0 : order >= 0)) continue;
            (best, bestAge) = (value, age);
        }

        return best;
    }

    private static int Length(object? value) => value is null ? 0 : FieldValues.AsText(value)?.Length ?? 0;

    /// <summary>Who asks for a record that went up finds the survivor.</summary>
    private async ValueTask RepointAsync(Run run, MergeInstruction merge, IReadOnlyList<string> gone, string keep)
    {
        var connection = run.Connection(merge.Connection);
        foreach (var id in gone)
        {
            var links = await services.Links.OfRecordAsync(connection.Workspace, connection.Realm, connection.OrgName(merge.Entity.Name), id).ConfigureAwait(false);
            if (links.Count == 0) continue;
            var adopted = links.Where(l => l.Key.Kind == LinkHash.NewKind || l.Key.Kind.StartsWith(LinkHash.AdoptionPrefix, StringComparison.Ordinal)).Select(l => l.Key).ToList();
            var moved = links.Where(l => !adopted.Contains(l.Key)).Select(l => new LinkEnd(l.Key, l.EndsAt)).ToList();
            await services.Commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([new DropLinks(adopted), new LinkRecord(moved, keep)])).ConfigureAwait(false);
        }
    }

    private static StepResult Done(Run run, MergeInstruction merge, string keep)
    {
        var merged = run.State.ItemsDone > 0;
        if (!merged) Notes.Unchanged(run, merge, keep);
        if (merge.Step.Output >= 0) run.State.Slots[merge.Step.Output] = new Dictionary<string, object?>(2) { ["id"] = keep, ["merged"] = merged };
        run.State.EnterStep(run.State.Counter + 1);
        return StepResult.Done;
    }
}
