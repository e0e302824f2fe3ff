using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary><c>create</c> with <c>once</c>: the vendor is asked first when there is no link; a lost answer is looked up by the key.</summary>
internal sealed class CreateExecutor(StepServices services, EffectSender sender)
{
    public async ValueTask<StepResult> ExecuteAsync(Run run, CreateInstruction create)
    {
        var state = run.State;
        if (state.Intent is { } pending) return await FinishAsync(run, create, pending, await sender.ResumeAsync(run, create, pending).ConfigureAwait(false)).ConfigureAwait(false);
        object?[] values = [];
        if (create.Values is { } mapping)
        {
            var evaluated = await services.Evaluator.EvaluateAsync(mapping, state.Slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return StepResult.Of(fault, mapping);
            values = evaluated.Values;
        }

        var fields = new Dictionary<string, object?>();
        if (FieldLines.Collect(create.Set, values, create.Empty, true, fields) is { } problem) return StepResult.Failed(problem);
        if (create.Once is not { } once)
        {
            // duplicates: accept. A lost answer cannot be looked up.
            var open = new PendingIntent
            {
                Kind = IntentKind.Create, Connection = create.Connection, Entity = create.Entity.Name, Fields = fields,
                Options = FieldLines.Options(create.Step, values), Created = true, At = services.Now,
            };
            return await FinishAsync(run, create, open, await sender.SendAsync(run, create, open).ConfigureAwait(false)).ConfigureAwait(false);
        }

        var value = values[once.Value];
        if (FieldComparison.Key(once.Field, value) is not { } key) return StepResult.Failed(ErrorKind.Rejected, "noKey", $"once: the key {once.Path} is empty ({once.Place}).");
        if (!FieldValues.TryConvert(once.Field.Type, value, out var converted, out var wrong)) return StepResult.Failed(ErrorKind.Rejected, "value", $"{once.Path}: {wrong} ({once.Place})");
        fields[once.Path] = converted;
        var connection = run.Connection(create.Connection);
        var link = MatchFinder.Key(connection, create.Entity, LinkHash.OncePrefix + once.Path, LinkHash.Of([key]));
        var links = await services.Links.FindAsync([link]).ConfigureAwait(false);
        if (links.Count > 0 && links[0].RecordId is { } known) return Existed(run, create, known, null);
        if (links.Count > 0 && links[0].OwnerRun != state.RunId) return await WaitAsync(run, create, links[0]).ConfigureAwait(false);
        var answer = await services.Batcher.ReadAsync(
            new ReadAsk
            {
                Connection = connection, Entity = create.Entity.Name, Fields = create.Select, Condition = MatchFinder.Term([once.Path], converted!), RowCap = 2,
                IncludeInactive = true, Priority = state.Priority, Step = create.Step.Name, Timeout = create.Step.Timeout,
            },
            default).ConfigureAwait(false);
        if (answer.Outcome.Error is { } error) return StepResult.Failed(error, answer.Charged);
        run.Used.Add(connection.Name);
        if (answer.Outcome.Value!.Rows is { Count: > 0 } rows) return Existed(run, create, MatchFinder.Id(create.Entity, rows[0]), rows[0]);
        var intent = Intent(create, values, fields, once, converted!, link);
        var sent = await sender.SendAsync(run, create, intent).ConfigureAwait(false);
        if (sent.Conflicts is not { } conflicts) return await FinishAsync(run, create, intent, sent).ConfigureAwait(false);
        return conflicts[0].RecordId is { } other ? Existed(run, create, other, null) : await WaitAsync(run, create, conflicts[0]).ConfigureAwait(false);
    }

    private PendingIntent Intent(
        CreateInstruction create, object?[] values, Dictionary<string, object?> fields, PlanFieldLine once, object key, LinkKey link)
    {
        if (create.OnceIsUnique) fields.Remove(once.Path);
        return new PendingIntent
        {
            Kind = create.OnceIsUnique ? IntentKind.Upsert : IntentKind.Create, Connection = create.Connection, Entity = create.Entity.Name,
            KeyField = create.OnceIsUnique ? once.Path : null, Key = create.OnceIsUnique ? key : null, Lookup = [new LookupTerm([once.Path], key)],
            Fields = fields, Options = FieldLines.Options(create.Step, values), Claims = [link], FirstStays = true, Created = true,
            At = services.Now, Repeatable = create.OnceIsUnique,
        };
    }

    private async ValueTask<StepResult> WaitAsync(Run run, CreateInstruction create, LinkRow claim)
    {
        if (ClaimWait.Next(run, create.Entity.Name) is { } tooOften) return tooOften;
        var waiter = services.Waiters.Register(run.Event.Id, [claim.Key]);
        foreach (var link in await services.Links.FindAsync([claim.Key]).ConfigureAwait(false))
        {
            if (link.RecordId is not null) continue;
            run.Waiter = waiter;
            return StepResult.Park(claim.EndsAt ?? services.Now + run.Connection(create.Connection).Settle, DelayEvent.ForAnotherRun);
        }

        services.Waiters.Forget(waiter);
        return StepResult.Park(services.Now, "another run has created the record");
    }

    private async ValueTask<StepResult> FinishAsync(Run run, CreateInstruction create, PendingIntent intent, SentEffect sent)
    {
        if (sent.Conflicts is { Count: > 0 } conflicts) return await WaitAsync(run, create, conflicts[0]).ConfigureAwait(false);
        if (sent.Ended is { } ended) return ended;
        var result = sent.Result!;
        var record = FieldLines.After(null, intent.Fields, create.Entity.IdField, result.Id);
        if (intent.KeyField is { } field) record[field] = intent.Key;
        if (result.Record is { } answered)
        {
            foreach (var (name, value) in answered) record[name] = value;
        }

        return Done(run, create, result.Id, false, record);
    }

    private static StepResult Existed(Run run, CreateInstruction create, string id, IReadOnlyDictionary<string, object?>? record)
    {
        Notes.Unchanged(run, create, id);
        return Done(run, create, id, true, record ?? new Dictionary<string, object?> { [create.Entity.IdField] = id });
    }

    private static StepResult Done(Run run, CreateInstruction create, string id, bool existed, IReadOnlyDictionary<string, object?> record)
    {
        if (create.Step.Output >= 0)
        {
            run.State.Slots[create.Step.Output] = new Dictionary<string, object?>(3) { ["id"] = id, ["existed"] = existed, ["record"] = record };
        }

        run.State.EnterStep(run.State.Counter + 1);
        return StepResult.Done;
    }
}
