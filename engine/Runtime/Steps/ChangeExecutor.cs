using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary><c>update</c> and <c>delete</c>. The record is read first: what it holds already is not written.</summary>
internal sealed class ChangeExecutor(StepServices services, EffectSender sender, ReadExecutor reader)
{
    private readonly LinkedRecords _linked = new(services);

    public async ValueTask<StepResult> ExecuteAsync(Run run, ChangeInstruction change)
    {
        var state = run.State;
        if (state.Intent is { } pending)
        {
            var resumed = await sender.ResumeAsync(run, change, pending).ConfigureAwait(false);
            if (resumed.Ended is { } ended)
            {
                if (!IsGone(ended)) return ended;
                if (!change.Delete && !change.All) return Missing(run, change, ended);
            }

            if (!change.All) return Done(run, change, Output(pending.RecordId!, true));
            // Of several records the rest is found by reading again: what is done already is equal.
        }

        object?[] values = [];
        if (change.Values is { } mapping)
        {
            var evaluated = await services.Evaluator.EvaluateAsync(mapping, state.Slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return StepResult.Of(fault, mapping);
            values = evaluated.Values;
        }

        var (rows, failed) = await RowsAsync(run, change, values).ConfigureAwait(false);
        if (failed is { } why) return why;
        if (rows.Count == 0) return Missing(run, change, null);

        if (rows.Count > 1 && !change.All) return StepResult.Failed(ErrorKind.Rejected, "several", $"Several records of {change.Entity.Name} fit.");
        if (change.All) return await AllAsync(run, change, values, rows).ConfigureAwait(false);
        var row = rows[0];
        var id = MatchFinder.Id(change.Entity, row);
        var fields = new Dictionary<string, object?>();
        if (!change.Delete)
        {
            if (FieldLines.Collect(change.Set, values, change.Empty, false, fields) is { } problem) return StepResult.Failed(problem);
            if (!(change.SkipUnchanged ? FieldLines.DropEqual(fields, row, change.Set) : fields.Count > 0))
            {
                Notes.Unchanged(run, change, id);
                return Done(run, change, Output(id, false));
            }
        }

        var intent = new PendingIntent
        {
            Kind = change.Delete ? IntentKind.Delete : IntentKind.Update, Connection = change.Connection, Entity = change.Entity.Name, RecordId = id,
            Fields = fields, Options = FieldLines.Options(change.Step, values), Before = row, At = services.Now, Repeatable = true,
        };
        var sent = await sender.SendAsync(run, change, intent).ConfigureAwait(false);
        if (sent.Ended is { } refused)
        {
            if (!IsGone(refused)) return refused;
            if (!change.Delete) return Missing(run, change, refused);
        }

        return Done(run, change, Output(id, true));
    }

    /// <summary>All records at once, in the vendor's bulk calls. After a failure the step begins again: what is done already is equal, or gone.</summary>
    private async ValueTask<StepResult> AllAsync(Run run, ChangeInstruction change, object?[] values, IReadOnlyList<IReadOnlyDictionary<string, object?>> rows)
    {
        var outputs = new Dictionary<string, object?>[rows.Count];
        var intents = new List<PendingIntent>(rows.Count);
        var places = new List<int>(rows.Count);
        for (var i = 0; i < outputs.Length; i++)
        {
            var id = MatchFinder.Id(change.Entity, rows[i]);
            outputs[i] = Output(id, false);
            var fields = new Dictionary<string, object?>();
            if (!change.Delete)
            {
                if (FieldLines.Collect(change.Set, values, change.Empty, false, fields) is { } problem) return StepResult.Failed(problem);
                if (!(change.SkipUnchanged ? FieldLines.DropEqual(fields, rows[i], change.Set) : fields.Count > 0))
                {
                    Notes.Unchanged(run, change, id);
                    continue;
                }
            }

            places.Add(i);
            intents.Add(new PendingIntent
            {
                Kind = change.Delete ? IntentKind.Delete : IntentKind.Update, Connection = change.Connection, Entity = change.Entity.Name, RecordId = id,
                Fields = fields, Options = FieldLines.Options(change.Step, values), Before = rows[i], At = services.Now, Repeatable = true,
            });
        }

        if (intents.Count == 0) return Done(run, change, outputs);
        var sent = await sender.SendAllAsync(run, change, intents).ConfigureAwait(false);
        for (var i = 0; i < sent.Count; i++)
        {
            if (sent[i].Ended is { } ended && !IsGone(ended)) return ended;
            outputs[places[i]]["changed"] = change.Delete || sent[i].Ended is null;
        }

        return Done(run, change, outputs);
    }

    private async ValueTask<(IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows, StepResult? Failed)> RowsAsync(Run run, ChangeInstruction change, object?[] values)
    {
        Condition? condition;
        if (change.Record >= 0)
        {
            if (values[change.Record] is not { } id || FieldValues.IsEmpty(id)) return ([], null);
            condition = new FieldCondition(change.Entity.IdField, Comparison.In, [FieldValues.AsText(id) ?? ""]);
        }
        else
        {
            condition = Conditions.Build(change.Where!, values, out var problem);
            if (problem is not null) return ([], StepResult.Failed(ErrorKind.Rejected, "value", problem));
            if (condition is null) return ([], null);
        }

        var bound = services.Options.QueryBound;
        var ask = new ReadAsk
        {
            Connection = run.Connection(change.Connection), Entity = change.Entity.Name, Fields = change.Select, Condition = condition, RowCap = change.All ? bound : 2,
            IncludeInactive = change.IncludeInactive || change.Record >= 0, Priority = run.State.Priority, Step = change.Step.Name, Timeout = change.Step.Timeout,
        };
        var answer = await services.Batcher.ReadAsync(ask, default).ConfigureAwait(false);
        if (answer.Outcome.Error is { } error) return ([], StepResult.Failed(error, answer.Charged));
        run.Used.Add(ask.Connection.Name);
        var rows = answer.Outcome.Value!;
        // What was created just now need not be shown yet.
        if (rows.Rows.Count == 0) return await _linked.FindAsync(run, change.Entity, change.Where, ask, fails: change is { OrElse: PlanOrElse.Fail, All: false }).ConfigureAwait(false);

        return rows.More && change.All
            ? ([], StepResult.Failed(ErrorKind.Rejected, "tooMany", $"More than {bound} records of {change.Entity.Name} fit."))
            : (rows.Rows, null);
    }

    /// <summary>Nothing is there to be changed: it was not found, or somebody deleted it after it was. <paramref name="gone"/>: what the vendor answered to the write.</summary>
    private StepResult Missing(Run run, ChangeInstruction change, StepResult? gone)
    {
        switch (change.OrElse)
        {
            case PlanOrElse.Fail when !change.All:
                return gone ?? StepResult.Failed(ErrorKind.Rejected, "notFound", $"No record of {change.Entity.Name} fits.");
            case PlanOrElse.Stop:
                return StepResult.Stopped($"No record of {change.Entity.Name} fits ({change.Step.Name})");
            case PlanOrElse.Later:
                return reader.Later(run, run.Connection(change.Connection).Settle, $"no record of {change.Entity.Name} fits yet");
            default:
                return Done(run, change, change.All ? Array.Empty<object?>() : null);
        }
    }

    /// <summary>The vendor says that there is no such record.</summary>
    public static bool IsGone(StepResult ended) => ended.Error is { Kind: ErrorKind.Rejected, Code: "notFound" or "404" or "ENTITY_IS_DELETED" or "NOT_FOUND" };

    private static Dictionary<string, object?> Output(string id, bool changed) => new(2) { ["id"] = id, ["changed"] = changed };

    private static StepResult Done(Run run, ChangeInstruction change, object? output)
    {
        if (change.Step.Output >= 0) run.State.Slots[change.Step.Output] = output;
        run.State.EnterStep(run.State.Counter + 1);
        return StepResult.Done;
    }
}
