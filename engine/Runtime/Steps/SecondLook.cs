using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>
/// A create that the vendor does not keep unique is looked for once more when the vendor surely shows it: two records for one key are a question for a person. A write whose answer was unknown, or
/// whose event was in flight when a process died, is compared once more: the vendor may have carried it out late, over a newer one. The look is a planned event of its own key, so it outlives the process, is joined with others by the batcher, and
/// holds up nobody.
/// </summary>
internal sealed class SecondLook(StepServices services, IncidentBook incidents)
{
    /// <summary>The look that belongs to an answered write; null when it needs none.</summary>
    public static PlanEvent? Plan(Run run, WriteInstruction write, PendingIntent intent, string recordId, DateTimeOffset now, TimeSpan settle)
    {
        var created = intent is { Kind: IntentKind.Create, Lookup.Count: > 0 };
        // What a job held when the process died, a live event may have written meanwhile. A process that died while the event was in flight may have sent the same write, and the vendor may carry that one out after this one.
        var unsure = intent.Kind is IntentKind.Update or IntentKind.Upsert && (intent.Unknown || intent.IsLate || run.State.MayLandLate || run.Event.Deaths > 0);
        if (!created && !unsure) return null;
        return Event(
            run, write.Step, write.Connection, write.Entity, write.Select, recordId, now, settle, unsure ? intent.Fields.Where(f => f.Value is not ParentReference).ToDictionary(f => f.Key, f => f.Value) : null,
            created ? intent.Lookup : []);
    }

    /// <summary>The look at what a call made.</summary>
    public static PlanEvent OfCall(Run run, CallInstruction call, PendingIntent intent, string recordId, DateTimeOffset now, TimeSpan settle) =>
        Event(run, call.Step, call.Connection, call.Made!, call.MadeSelect, recordId, now, settle, null, intent.Lookup);

    private static PlanEvent Event(
        Run run, PlanStep step, string connection, EntityDescriptor entity, IReadOnlyList<string> select, string recordId, DateTimeOffset now, TimeSpan settle, Dictionary<string, object?>? written,
        IReadOnlyList<LookupTerm> terms)
    {
        var key = $"{PlanTrigger.LookId} {run.State.RunId} {step.Name} {run.State.Effects.Count}";
        var deployment = run.Deployment.Ref;
        return new PlanEvent(
            new NewEvent
            {
                Deployment = deployment, Trigger = PlanTrigger.LookId, Kind = EventKind.Manual, Key = key, Lane = Lane.Of(deployment.Workspace, deployment.Id, key), Full = true,
                Priority = CallPriority.Backfill, ReceivedAt = now,
                Payload = Payload.Encode(new Dictionary<string, object?>
                {
                    ["connection"] = connection, ["entity"] = entity.Name, ["id"] = entity.IdField, ["step"] = step.Name, ["place"] = step.Place.ToString(),
                    ["key"] = run.Event.Key.Key, ["run"] = run.State.RunId, ["fields"] = select.Append(entity.IdField).Distinct().ToList<object?>(),
                    ["record"] = recordId, ["trigger"] = run.State.Trigger, ["subjectEntity"] = run.Event.Entity, ["subject"] = run.Event.RecordId, ["written"] = written,
                    ["terms"] = terms.Select(t => (object?)new Dictionary<string, object?> { ["paths"] = t.Paths.ToList<object?>(), ["value"] = t.Value }).ToList(),
                }),
            },
            PlanTrigger.LookId,
            now + settle);
    }

    /// <summary>The end of the look, or why it could not be taken.</summary>
    public async ValueTask<(RunEnd? Ended, PlanStep Step, OperationError? Error, bool Charged)> ExecuteAsync(Run run)
    {
        var asked = (IReadOnlyDictionary<string, object?>)Payload.Decode(run.Payload)!;
        var step = PlanStep.Of(Text(asked, "step"), "look", default);
        if (!run.Deployment.Connections.TryGetValue(Text(asked, "connection"), out var connection)) return (RunEnd.Ended(RunOutcome.Succeeded), step, null, false);
        if (asked.GetValueOrDefault("written") is IReadOnlyDictionary<string, object?> { Count: > 0 } written) return await CompareAsync(run, asked, connection, step, written).ConfigureAwait(false);
        var terms = ((IReadOnlyList<object?>)asked["terms"]!).Cast<IReadOnlyDictionary<string, object?>>()
            .Select(t => MatchFinder.Term([.. ((IReadOnlyList<object?>)t["paths"]!).Cast<string>()], t["value"]!)).ToList();
        var answer = await services.Batcher.ReadAsync(
            new ReadAsk
            {
                Connection = connection, Entity = Text(asked, "entity"), Fields = [.. ((IReadOnlyList<object?>)asked["fields"]!).Cast<string>()],
                Condition = terms.Count == 1 ? terms[0] : new AllOf(terms), RowCap = 5, IncludeInactive = true, Priority = CallPriority.Backfill,
            },
            default).ConfigureAwait(false);
        if (answer.Outcome.Error is { } error) return (null, step, error, answer.Charged);
        run.Used.Add(connection.Name);
        var rows = answer.Outcome.Value!.Rows;
        if (rows.Count < 2) return (RunEnd.Ended(RunOutcome.Succeeded), step, null, false);
        var ids = rows.Select(r => r.GetValueOrDefault(Text(asked, "id")) is { } id ? FieldValues.AsText(id) : null).ToList<object?>();
        var review = new NewReview
        {
            Id = Guid.CreateVersion7(services.Now).ToString("N"), Deployment = run.Deployment.Ref, Kind = ReviewKind.PossiblyTwice, Key = Text(asked, "key"), RunId = Text(asked, "run"), Step = step.Name,
            Place = Text(asked, "place"), Entity = Text(asked, "entity"), OpenedAt = services.Now,
            Message = $"A {Text(asked, "entity")} may have been created twice: {string.Join(", ", ids)}.",
            Content = Payload.Encode(new Dictionary<string, object?>
            {
                ["connection"] = Text(asked, "connection"), ["wanted"] = null, ["ids"] = ids, ["candidates"] = EntityOf(run.Deployment.Flow, step.Name) is { } made ? ReviewDesk.Candidates(made, rows) : new List<object?>(),
            }),
        };
        return (RunEnd.Ended(RunOutcome.Succeeded) with { Review = review }, step, null, false);
    }

    private async ValueTask<(RunEnd? Ended, PlanStep Step, OperationError? Error, bool Charged)> CompareAsync(
        Run run, IReadOnlyDictionary<string, object?> asked, BoundConnection connection, PlanStep step, IReadOnlyDictionary<string, object?> written)
    {
        if (WriteOf(run.Deployment.Flow, step.Name) is not { } write) return (RunEnd.Ended(RunOutcome.Succeeded), step, null, false);
        var answer = await services.Batcher.ReadAsync(
            new ReadAsk
            {
                Connection = connection, Entity = write.Entity.Name, Fields = [write.Entity.IdField, .. written.Keys],
                Condition = new FieldCondition(write.Entity.IdField, Comparison.In, [Text(asked, "record")]), RowCap = 1, IncludeInactive = true, Priority = CallPriority.Backfill,
            },
            default).ConfigureAwait(false);
        if (answer.Outcome.Error is { } error) return (null, step, error, answer.Charged);
        run.Used.Add(connection.Name);
        var differs = answer.Outcome.Value!.Rows is [var record, ..] ? Differing(write, written, record) : [];
        var follows = differs.Count > 0 ? Late(run, asked, write, differs) : await WasWrittenSinceAsync(run, asked, connection, write).ConfigureAwait(false) && Again(run, asked) is { } again ? [again] : [];
        return (RunEnd.Ended(RunOutcome.Succeeded) with { Follows = follows }, step, null, false);
    }

    /// <summary>Whether another write of ours came after the one in question: then a record that looks like the older one may be the older one come late, over the newer one.</summary>
    private async ValueTask<bool> WasWrittenSinceAsync(Run run, IReadOnlyDictionary<string, object?> asked, BoundConnection connection, WriteInstruction write)
    {
        var effects = await services.Runs.EffectsOfRecordAsync(connection.Workspace, connection.Realm, connection.OrgName(write.Entity.Name), Text(asked, "record"), 1, default).ConfigureAwait(false);
        return effects is [var newest, ..] && newest.RunId != Text(asked, "run");
    }

    /// <summary>The fingerprint of the incident of a record that is not as we left it; it is over when we write the record again.</summary>
    public static string IncidentOf(string entity, string recordId) => $"late:{entity}:{recordId}";

    /// <summary>A later write of ours may have changed the record since: then the event finds nothing to do. What must not run again by itself is told to a person.</summary>
    private IReadOnlyList<StoreChange> Late(Run run, IReadOnlyDictionary<string, object?> asked, WriteInstruction write, List<string> differs)
    {
        if (Again(run, asked) is { } again) return [again];
        var deployment = run.Deployment.Ref;
        incidents.Raise(
            deployment.Workspace, deployment.Id, IncidentOf(run.Connection(write.Connection).OrgName(write.Entity.Name), Text(asked, "record")),
            $"{write.Entity.Name} {Text(asked, "record")} is not as run {Text(asked, "run")} left it ({string.Join(", ", differs)}); an earlier write whose answer was lost may have come late ({write.Step.Place}).");
        return [];
    }

    /// <summary>The change said once more, so that the flow reads its record anew; null where a repetition would not be the same.</summary>
    private AppendEvents? Again(Run run, IReadOnlyDictionary<string, object?> asked)
    {
        var trigger = run.Deployment.Flow.Triggers.FirstOrDefault(t => t.Id == Text(asked, "trigger"));
        if (trigger is not { Becomes: null, Entity: { } entity } || asked.GetValueOrDefault("subject") is not string subject) return null;
        var (deployment, key) = (run.Deployment.Ref, Text(asked, "key"));
        return new AppendEvents([new NewEvent
        {
            Deployment = deployment, Trigger = trigger.Id, Kind = EventKind.Manual, Key = key, Lane = Lane.Of(deployment.Workspace, deployment.Id, key), Entity = Text(asked, "subjectEntity"),
            RecordId = subject, Payload = Payload.Encode(new Dictionary<string, object?> { [entity.IdField] = subject }), Full = false, Priority = CallPriority.Live, ReceivedAt = services.Now,
        }]);
    }

    private static List<string> Differing(WriteInstruction write, IReadOnlyDictionary<string, object?> written, IReadOnlyDictionary<string, object?> record)
    {
        var differs = new List<string>();
        foreach (var line in write is UpsertInstruction upsert ? upsert.Set.Concat(upsert.SetOnCreate).Concat(upsert.SetOnUpdate) : write.Set)
        {
            if (written.TryGetValue(line.Path, out var wanted) && !differs.Contains(line.Path) && !FieldComparison.Stands(line.Field, RecordPath.Read(record, line.Path), wanted)) differs.Add(line.Path);
        }

        return differs;
    }

    private static EntityDescriptor? EntityOf(CompiledFlow flow, string step) =>
        WriteOf(flow, step)?.Entity ?? flow.Instructions.OfType<CallInstruction>().FirstOrDefault(c => c.Step.Name == step)?.Made;

    private static WriteInstruction? WriteOf(CompiledFlow flow, string step)
    {
        foreach (var instruction in flow.Instructions)
        {
            if (instruction is WriteInstruction write && write.Step.Name == step) return write;
            if (instruction is SyncInstruction sync && sync.Upsert.Step.Name == step) return sync.Upsert;
        }

        return null;
    }

    private static string Text(IReadOnlyDictionary<string, object?> asked, string name) => asked.GetValueOrDefault(name) as string ?? "";
}
