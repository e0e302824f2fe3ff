using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Takes events from outside: webhooks and people. An accepted event is on disk when the call returns.</summary>
public sealed class Intake(EventFactory events, IEvaluator evaluator, IGroupCommit commit, LaneSignal signal, IntakeGate gate)
{
    /// <summary>Accepts one payload for a webhook or manual trigger.</summary>
    /// <param name="deployment">Whose event it is.</param>
    /// <param name="trigger">A trigger of its flow.</param>
    /// <param name="payload">The payload in the engine's values, already read by the flow's input type.</param>
    /// <param name="cancellationToken">Gives up waiting; an event already on its way to disk is still accepted.</param>
    public async Task<Acceptance> AcceptAsync(ActiveDeployment deployment, PlanTrigger trigger, object? payload, CancellationToken cancellationToken)
    {
        if (await gate.RefusalAsync(cancellationToken).ConfigureAwait(false) is { } shed) return Acceptance.Later(shed);
        var slots = EventFactory.NewSlots(deployment);
        slots[Slots.Trigger] = payload;
        slots[Slots.Input] = payload;
        string? deliveryId = null;
        if (trigger.EventId is { } idOf)
        {
            var evaluated = await evaluator.EvaluateAsync(idOf, slots, cancellationToken).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return Acceptance.Refused($"The event id of the call cannot be computed: {fault.Message}");
            if (evaluated.Values[0] is not { } id || FieldValues.AsText(id) is not { Length: > 0 } text) return Acceptance.Refused("The event id of the call is empty.");
            deliveryId = text;
        }

        var (key, step, keyFault) = await events.KeyAsync(deployment, trigger, payload, null, cancellationToken).ConfigureAwait(false);
        if (key is null) return Acceptance.Refused($"The payload gives no {(step == "with" ? "input" : "key")}: {keyFault!.Message}");
        return await AppendAsync(events.Delivery(deployment, trigger, key, payload, deliveryId, CallPriority.Live)).ConfigureAwait(false);
    }

    /// <summary>Stores an event as it is; for replays.</summary>
    public async Task<Acceptance> AppendAsync(NewEvent newEvent, params StoreChange[] with)
    {
        var result = await commit.CommitAsync(CommitQueue.Intake, new ChangeSet([new AppendEvents([newEvent]), .. with])).ConfigureAwait(false);
        signal.Raise(newEvent.Deployment, result.EventIds[0] is null ? 0 : 1);
        return result.EventIds[0] is { } id ? Acceptance.Of(id) : Acceptance.Same;
    }
}

/// <summary>What became of a call.</summary>
/// <param name="EventId">The event; null when it was refused or known already.</param>
/// <param name="Problem">Why it was refused, for who sent it; null = accepted.</param>
public sealed record Acceptance(long? EventId, string? Problem)
{
    /// <summary>The same delivery was accepted before: nothing more happens.</summary>
    public static Acceptance Same { get; } = new(null, null);

    /// <summary>Nothing more is accepted for a while; null = it was.</summary>
    public Shedding? Shed { get; private init; }

    public static Acceptance Later(Shedding shed) => new(null, shed.Reason) { Shed = shed };

    public static Acceptance Of(long id) => new(id, null);

    public static Acceptance Refused(string problem) => new(null, problem);
}
