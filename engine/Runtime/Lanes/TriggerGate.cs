using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>What stands between a claimed event and its first step: the record is read in full, old news and echoes are dropped, the filter decides.</summary>
internal sealed class TriggerGate(StepServices services)
{
    /// <summary>Fills the run's slots. Null: the run begins.</summary>
    public async ValueTask<RunEnd?> EnterAsync(Run run)
    {
        var trigger = run.Trigger!;
        var deployment = run.Deployment;
        run.Record = Payload.Decode(run.Payload);
        run.Version = run.Event.Version;
        if (run.Event.RecordId is { } id && trigger is { Entity: { } entity, Connection: { } logical }
            && (!run.Event.Full || IsOld(run, trigger) || (run.Record is IReadOnlyDictionary<string, object?> held && Hydration.IsBeyond(trigger, entity, held))))
        {
            var answer = await services.Batcher.ReadAsync(Hydration.Ask(trigger, run.Deployment.Connections[logical], entity, id, run.State.Priority), default).ConfigureAwait(false);
            if (answer.Outcome.Error is { } error) return new RunEnd { Kind = RunEndKind.Failed, Error = error, Step = GateStep(trigger, "read"), Charged = answer.Charged };
            run.Used.Add(deployment.Connections[logical].Name);
            if (answer.Outcome.Value!.Rows.Count == 0) return Gone(run, deployment.Connections[logical]);
            run.Record = answer.Outcome.Value.Rows[0];
            if (entity.VersionField is { } version && RecordVersion.Of(RecordPath.Read(run.Record, version)) is { } read) run.Version = read;
        }

        var remembered = run.Remembered;
        var subject = Subject(run);
        if (run.Event.Full && IsPassed(run)) return Passed;
        Remember(run, subject);
        if (trigger.Event?.When is { } when && !ConditionTest.Holds(when, trigger.Entity, run.Record)) return RunEnd.Ended(RunOutcome.Filtered, "not this kind of change");
        var slots = run.State.Slots;
        Fill(run);
        if (trigger.With is { } with)
        {
            var evaluated = await services.Evaluator.EvaluateAsync(with, slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault)
            {
                // What the filter refuses need not fit the input.
                return await EventFactory.IsRefusedAsync(services.Evaluator, trigger, slots, default).ConfigureAwait(false) ? RunEnd.Ended(RunOutcome.Filtered) : Broken(trigger, "with", with, fault);
            }

            slots[Slots.Input] = evaluated.Values[0];
        }

        slots[Slots.Input] = InputDefaults.Over(slots[Slots.Input], deployment.Flow.InputDefaults);

        if (trigger.Becomes is { } becomes && await BecomesAsync(run, trigger, becomes, subject ?? "").ConfigureAwait(false) is { } not) return not;
        if (trigger.Filter is { } filter && !(trigger.Sticky && remembered?.Sticky == true))
        {
            var evaluated = await services.Evaluator.EvaluateAsync(filter, slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return Broken(trigger, "filter", filter, fault);
            if (evaluated.Values[0] is not true) return RunEnd.Ended(RunOutcome.Filtered);
            if (trigger.Sticky) run.Remember = (run.Remember ?? remembered ?? new KeyState()) with { Sticky = true };
        }

        return trigger.OnlyWhenChanged && run.Event.Kind == EventKind.Change && run.Event.RecordId is { } record && !HintsAtChild(trigger, run)
            && Echo.IsUnchanged(trigger, remembered, deployment.MemoryOf, record, run.Record)
            ? RunEnd.Ended(RunOutcome.Unchanged)
            : null;
    }

    /// <summary>For a run that goes on from a stored state. A replay from its failed step works on the record as it was then: newer news may have been applied while it waited for its turn. From there on it holds its key.</summary>
    public static RunEnd? Reenter(Run run) => run.FromStep && IsPassed(run) ? Passed : null;

    private static RunEnd Passed => RunEnd.Ended(RunOutcome.Superseded, "a newer version was applied already");

    private static string? Subject(Run run) => run.Event.RecordId is null ? null : $"{run.Event.Entity}/{run.Event.RecordId}";

    private static bool IsPassed(Run run) =>
        Subject(run) is { } subject && run.Version is { } version && run.Remembered is { } remembered && remembered.HighWater.TryGetValue(subject, out var high) && RecordVersion.Compare(version, high) < 0;

    /// <summary>What came with the event was read long ago: the run waited since and begins anew.</summary>
    private static bool IsOld(Run run, PlanTrigger trigger) => run.State.LaterSince is not null && run.Event.Kind == EventKind.Change && !trigger.TellsOfDeleted;

    /// <summary>A hint may come from a child's feed: then the record itself is the same and what the steps read of its children is not.</summary>
    private static bool HintsAtChild(PlanTrigger trigger, Run run)
    {
        if (trigger.Children.Count == 0) return false;
        if (!run.Event.Full) return true;
        foreach (var superseded in run.Superseded)
        {
            if (!superseded.Full) return true;
        }

        return false;
    }

    /// <summary>Slots that every run has.</summary>
    public static void Fill(Run run)
    {
        var slots = run.State.Slots;
        var slot = run.Trigger?.Kind == PlanTriggerKind.Schedule ? EventFactory.SlotOf(run.Record) : null;
        if (slot is not null) run.Record = EventFactory.ToldOf(run.Record);
        slots[Slots.Trigger] = run.Record;
        slots[Slots.Input] = run.Record;
        slots[Slots.Run] = EventFactory.RunSlot(run.State.RunId, run.State.StartedAt, run.Deployment.Flow.Id, run.State.Trigger, slot);
        Bind(run);
    }

    /// <summary>Slots that belong to the deployment.</summary>
    public static void Bind(Run run)
    {
        run.State.Slots[Slots.Params] = run.Deployment.Parameters;
        run.State.Slots[Slots.Tables] = run.Deployment.Tables;
    }

    private async ValueTask<RunEnd?> BecomesAsync(Run run, PlanTrigger trigger, PlanCondition becomes, string subject)
    {
        object?[] values = [];
        if (trigger.BecomesValues is { } mapping)
        {
            var evaluated = await services.Evaluator.EvaluateAsync(mapping, run.State.Slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return Broken(trigger, "becomes", mapping, fault);
            values = evaluated.Values;
        }

        var condition = Conditions.Build(becomes, values, out var problem);
        if (problem is not null) return new RunEnd { Kind = RunEndKind.Failed, Step = GateStep(trigger, "becomes"), Error = new OperationError(ErrorKind.Rejected, "value", problem) };
        var holds = condition is not null && ConditionTest.Holds(condition, trigger.Entity, run.Record);
        bool? before = run.Remembered is { } known && known.Became.TryGetValue(subject, out var seen) ? seen : null;
        Became(run, subject, holds);
        if (!holds) return RunEnd.Ended(RunOutcome.Filtered);
        // A person who wants a run again wants its steps.
        if (before == true && run.Event.Kind is not EventKind.Replay) return RunEnd.Ended(RunOutcome.Unchanged);

        // The first sight is a baseline, unless the record came to be after the deployment, or says itself that it satisfies the condition only since then.
        return before == false || Created(run.Record) >= run.Deployment.CreatedAt || Since(condition!, trigger.Entity, run.Record) >= run.Deployment.CreatedAt || run.Event.Kind is not EventKind.Change
            ? null
            : RunEnd.Ended(RunOutcome.Filtered, "seen for the first time: a baseline");
    }

    private static DateTimeOffset? Created(object? record) =>
        (RecordPath.Read(record, "CreatedDate") ?? RecordPath.Read(record, "createdOn")) as DateTimeOffset?;

    /// <summary>Since when the fields of the condition hold what they hold; null where the vendor does not tell it of all of them.</summary>
    private static DateTimeOffset? Since(Condition condition, EntityDescriptor? entity, object? record) => condition switch
    {
        FieldCondition field => entity?.Fields.FirstOrDefault(f => f.Name == field.Path)?.Since is { } since ? RecordPath.Read(record, since) as DateTimeOffset? : null,
        AllOf { Parts: { Count: > 0 } parts } => parts.Select(p => Since(p, entity, record)).ToList() is var all && all.Contains(null) ? null : all.Max(),
        _ => null,
    };

    private RunEnd? Gone(Run run, BoundConnection connection)
    {
        // A hint may be quicker than the vendor's index: asked once more when it surely shows.
        if (run.State.StepWaits++ == 0)
        {
            return new RunEnd { Kind = RunEndKind.Parked, Due = services.Now + connection.Settle, Text = "the record is not to be seen yet", Step = GateStep(run.Trigger!, "read") };
        }

        return RunEnd.Ended(RunOutcome.Filtered, "the record is gone");
    }

    /// <summary>For a run that goes on from a stored state: the version it works on.</summary>
    public static void RememberVersion(Run run)
    {
        run.Version = run.Trigger?.Entity?.VersionField is { } field && RecordVersion.Of(RecordPath.Read(run.Record, field)) is { } read ? read : run.Event.Version;
        Remember(run, Subject(run));
        if (run.Trigger is { Sticky: true }) run.Remember = (run.Remember ?? run.Remembered ?? new KeyState()) with { Sticky = true };
        if (run.Trigger is { Becomes: not null }) Became(run, $"{run.Event.Entity}/{run.Event.RecordId}", true);
    }

    private static void Became(Run run, string subject, bool holds)
    {
        var state = run.Remember ?? run.Remembered ?? new KeyState();
        run.Remember = state with { Became = new Dictionary<string, bool>(state.Became) { [subject] = holds } };
    }

    private static void Remember(Run run, string? subject)
    {
        if (subject is null || run.Version is not { } version) return;
        var remembered = run.Remembered ?? new KeyState();
        if (remembered.HighWater.TryGetValue(subject, out var high) && RecordVersion.Compare(high, version) >= 0) return;
        run.Remember = remembered with { HighWater = new Dictionary<string, string>(remembered.HighWater) { [subject] = version } };
    }

    private static RunEnd Broken(PlanTrigger trigger, string part, PlanMapping mapping, EvaluationFault fault) =>
        new() { Kind = RunEndKind.Failed, Step = GateStep(trigger, part), Error = StepResult.Of(fault, mapping).Error };

    private static PlanStep GateStep(PlanTrigger trigger, string part) => PlanStep.Of(part, "trigger", trigger.Place);
}
