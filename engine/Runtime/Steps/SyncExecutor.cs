using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>
/// <c>sync</c>: an upsert for each item, then what becomes of the children no item matched. It holds a frame like a loop, so that a run that was interrupted goes on with the item it
/// was at. The children are asked for after the items: one that was written just now and is not shown yet is simply not missed.
/// </summary>
internal sealed class SyncExecutor(StepServices services, UpsertExecutor upserts, EffectSender sender)
{
    /// <summary>A step that failed is no sync that is under way any more.</summary>
    public static void Leave(Run run)
    {
        var state = run.State;
        if (state.Loops.Count > 0 && state.Loops[^1].Begin == state.Counter && run.Deployment.Flow.Instructions[state.Counter] is SyncInstruction) state.Loops.RemoveAt(state.Loops.Count - 1);
    }

    public async ValueTask<StepResult> ExecuteAsync(Run run, SyncInstruction sync)
    {
        var state = run.State;
        var here = state.Counter;
        if (state.Loops.Count == 0 || state.Loops[^1].Begin != here)
        {
            var evaluated = await services.Evaluator.EvaluateAsync(sync.Each, state.Slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return StepResult.Of(fault, sync.Each);
            if (evaluated.Values[0] is not null and not IReadOnlyList<object?>) return StepResult.Failed(ErrorKind.Rejected, "value", "sync needs a list.");
            state.Loops.Add(new LoopFrame { Begin = here, Items = evaluated.Values[0] as IReadOnlyList<object?> ?? [], Handlers = state.Handlers.Count });
        }

        var tied = await services.Evaluator.EvaluateAsync(sync.WithinValues, state.Slots, default).ConfigureAwait(false);
        if (tied.Fault is { } broken) return StepResult.Of(broken, sync.WithinValues);
        if (Array.Exists(tied.Values, FieldValues.IsEmpty)) return StepResult.Failed(ErrorKind.Rejected, "noKey", $"within: a value that ties {sync.Upsert.Entity.Name} to its record is empty.");
        var frame = state.Loops[^1];
        while (frame.Index < frame.Items.Count)
        {
            state.Slots[sync.Item] = frame.Items[frame.Index];
            var again = state.AgainCase;
            var result = await upserts.ExecuteAsync(run, sync.Upsert).ConfigureAwait(false);
            if (result.End != StepEnd.Done) return result;
            frame.Outputs.Add(sync.Step.Output >= 0 ? state.Slots[sync.Upsert.Step.Output] : IdOf(state.Slots[sync.Upsert.Step.Output]));
            frame.Index++;
            state.EnterStep(here);
            state.AgainCase = again;
        }

        state.Slots[sync.Item] = null;
        if (sync.Missing != PlanMissing.Keep && await MissingAsync(run, sync, frame, tied.Values).ConfigureAwait(false) is { } ended) return ended;
        state.Loops.RemoveAt(state.Loops.Count - 1);
        state.Slots[sync.Upsert.Step.Output] = null;
        if (sync.Step.Output >= 0) state.Slots[sync.Step.Output] = frame.Outputs;
        state.EnterStep(here + 1);
        return StepResult.Done;
    }

    private async ValueTask<StepResult?> MissingAsync(Run run, SyncInstruction sync, LoopFrame frame, object?[] tied)
    {
        var state = run.State;
        if (state.Intent is { } pending)
        {
            var resumed = await sender.ResumeAsync(run, sync.Upsert, pending).ConfigureAwait(false);
            if (resumed.Ended is { } ended && !IsGone(ended)) return ended;
        }

        var condition = Conditions.Build(sync.Within, tied, out var problem);
        if (problem is not null) return StepResult.Failed(ErrorKind.Rejected, "value", problem);
        var entity = sync.Upsert.Entity;
        var bound = services.Options.QueryBound;
        var connection = run.Connection(sync.Upsert.Connection);
        var answer = await services.Batcher.ReadAsync(
            new ReadAsk
            {
                Connection = connection, Entity = entity.Name, Fields = sync.MissingSelect, Condition = condition!, RowCap = bound, Priority = state.Priority, Step = sync.Step.Name, Timeout = sync.Step.Timeout,
            },
            default).ConfigureAwait(false);
        if (answer.Outcome.Error is { } error) return StepResult.Failed(error, answer.Charged);
        run.Used.Add(connection.Name);
        if (answer.Outcome.Value!.More) return StepResult.Failed(ErrorKind.Rejected, "tooMany", $"The record has more than {bound} {entity.Name}.");
        var kept = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var output in frame.Outputs) kept.Add(IdOf(output));
        foreach (var row in answer.Outcome.Value.Rows)
        {
            if (kept.Contains(MatchFinder.Id(entity, row))) continue;
            if (await ChangeAsync(run, sync, row).ConfigureAwait(false) is { } stopped) return stopped;
        }

        return null;
    }

    private async ValueTask<StepResult?> ChangeAsync(Run run, SyncInstruction sync, IReadOnlyDictionary<string, object?> row)
    {
        var state = run.State;
        object?[] values = [];
        if (sync.MissingValues is { } mapping)
        {
            state.Slots[Slots.Found] = row;
            var evaluated = await services.Evaluator.EvaluateAsync(mapping, state.Slots, default).ConfigureAwait(false);
            state.Slots[Slots.Found] = null;
            if (evaluated.Fault is { } fault) return StepResult.Of(fault, mapping);
            values = evaluated.Values;
        }

        var id = MatchFinder.Id(sync.Upsert.Entity, row);
        var fields = new Dictionary<string, object?>();
        if (sync.Missing == PlanMissing.Set)
        {
            if (FieldLines.Collect(sync.MissingSet, values, sync.Upsert.Empty, false, fields) is { } problem) return StepResult.Failed(problem);
            if (!FieldLines.DropEqual(fields, row, sync.MissingSet)) return null;
        }

        var intent = new PendingIntent
        {
            Kind = sync.Missing == PlanMissing.Delete ? IntentKind.Delete : IntentKind.Update, Connection = sync.Upsert.Connection, Entity = sync.Upsert.Entity.Name, RecordId = id,
            Fields = fields, Options = FieldLines.Options(sync.MissingOptions, values), Before = row, At = services.Now, Repeatable = true,
        };
        var sent = await sender.SendAsync(run, sync.Upsert, intent).ConfigureAwait(false);
        return sent.Ended is { } ended && !IsGone(ended) ? ended : null;
    }

    /// <summary>An item's result is kept whole only where it is read.</summary>
    private static string? IdOf(object? result) => result is IReadOnlyDictionary<string, object?> record ? record.GetValueOrDefault("id") as string : result as string;

    /// <summary>A child that is gone meanwhile is neither missed nor in the way.</summary>
    private static bool IsGone(StepResult ended) => ChangeExecutor.IsGone(ended);
}
