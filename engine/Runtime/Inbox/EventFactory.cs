using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Makes an event of a record or payload: fills the input, evaluates the key, chooses the lane.</summary>
public sealed class EventFactory(IEvaluator evaluator, TimeProvider time)
{
    /// <summary>The key of an event, or the step (<c>with</c>, <c>key</c>) and fault that left none.</summary>
    public async ValueTask<(string? Key, string Step, EvaluationFault? Fault)> KeyAsync(
        ActiveDeployment deployment, PlanTrigger trigger, object? record, string? recordId, CancellationToken cancellationToken, DateTimeOffset? scheduledFor = null)
    {
        var flow = deployment.Flow;
        if (flow.Key is null || (flow.KeyIsRecordId && recordId is not null)) return (recordId ?? flow.Id, "key", null);
        var slots = NewSlots(deployment);
        slots[Slots.Trigger] = record;
        slots[Slots.Input] = record;
        slots[Slots.Run] = RunSlot("", time.GetUtcNow(), flow.Id, trigger.Id, scheduledFor);
        if (trigger.With is { } with)
        {
            var input = await evaluator.EvaluateAsync(with, slots, cancellationToken).ConfigureAwait(false);
            if (input.Fault is { } unfilled)
            {
                return await IsRefusedAsync(evaluator, trigger, slots, cancellationToken).ConfigureAwait(false) ? (recordId ?? flow.Id, "key", null) : (null, "with", unfilled);
            }

            slots[Slots.Input] = input.Values[0];
        }

        slots[Slots.Input] = InputDefaults.Over(slots[Slots.Input], flow.InputDefaults);

        var key = await evaluator.EvaluateAsync(flow.Key, slots, cancellationToken).ConfigureAwait(false);
        if (key.Fault is { } fault)
        {
            return await IsRefusedAsync(evaluator, trigger, slots, cancellationToken).ConfigureAwait(false) ? (recordId ?? flow.Id, "key", null) : (null, "key", fault);
        }

        return key.Values[0] is { } value && FieldValues.AsText(value) is { Length: > 0 } text
            ? (text, "key", null)
            : (null, "key", new EvaluationFault(0, "null", "The key is empty; every event needs one."));
    }

    /// <summary>Whether the trigger's filter surely refuses the record: then its lines need not fit it, and any key will do.</summary>
    internal static async ValueTask<bool> IsRefusedAsync(IEvaluator evaluator, PlanTrigger trigger, object?[] slots, CancellationToken cancellationToken)
    {
        if (trigger.Filter is not { } filter || trigger.Sticky) return false;
        var evaluated = await evaluator.EvaluateAsync(filter, slots, cancellationToken).ConfigureAwait(false);
        return evaluated.Fault is null && evaluated.Values[0] is not true;
    }

    /// <summary>A change of a record.</summary>
    /// <param name="deployment">Whose event it is.</param>
    /// <param name="trigger">Its trigger.</param>
    /// <param name="row">The row of the source.</param>
    /// <param name="key">Its key.</param>
    /// <param name="record">The full record; null = a hint.</param>
    /// <param name="priority">Its priority.</param>
    /// <param name="feed">The feed the row came from: two feeds that hint at one record each give their newest rows again.</param>
    public NewEvent Change(
        ActiveDeployment deployment, PlanTrigger trigger, SourceRow row, string key, IReadOnlyDictionary<string, object?>? record, CallPriority priority, string? feed = null)
    {
        var payload = Payload.Encode(record ?? new Dictionary<string, object?> { [trigger.Entity?.IdField ?? "id"] = row.RecordId });
        return new NewEvent
        {
            Deployment = deployment.Ref,
            Trigger = trigger.Id,
            Kind = EventKind.Change,
            Key = key,
            Lane = Lane.Of(deployment.Ref.Workspace, deployment.Ref.Id, key),
            Entity = trigger.Entity?.Name,
            RecordId = row.RecordId,
            Version = row.Version,
            // A hint has no content of its own: two of them are the same only when the source says so.
            ContentHash = row.Record is not null ? Hash(payload) : NewEvent.Hint + (feed is null ? "" : feed + " ") + (row.Stamp is { } stamp ? Hash(Encoding.UTF8.GetBytes(stamp)) : row.Version ?? Guid.NewGuid().ToString("N")),
            Payload = payload,
            Full = record is not null,
            Priority = priority,
            ReceivedAt = time.GetUtcNow(),
        };
    }

    /// <summary>A delivery, or an event started by a person.</summary>
    public NewEvent Delivery(ActiveDeployment deployment, PlanTrigger trigger, string key, object? payload, string? deliveryId, CallPriority priority) => new()
    {
        Deployment = deployment.Ref,
        Trigger = trigger.Id,
        Kind = deliveryId is null ? EventKind.Manual : EventKind.Delivery,
        Key = key,
        Lane = Lane.Of(deployment.Ref.Workspace, deployment.Ref.Id, key),
        DeliveryId = deliveryId,
        Payload = Payload.Encode(payload),
        Full = true,
        Priority = priority,
        ReceivedAt = time.GetUtcNow(),
    };

    /// <summary>A tick of a schedule, the same one only once.</summary>
    /// <param name="deployment">Whose event it is.</param>
    /// <param name="trigger">Its trigger.</param>
    /// <param name="key">Its key.</param>
    /// <param name="slot">When it was due.</param>
    /// <param name="told">What the trigger reads; null = nothing.</param>
    public NewEvent Tick(ActiveDeployment deployment, PlanTrigger trigger, string key, DateTimeOffset slot, IReadOnlyDictionary<string, object?>? told) => new()
    {
        Deployment = deployment.Ref,
        Trigger = trigger.Id,
        Kind = EventKind.Delivery,
        Key = key,
        Lane = Lane.Of(deployment.Ref.Workspace, deployment.Ref.Id, key),
        DeliveryId = "tick " + FieldValues.AsText(slot),
        Payload = Payload.Encode(TickPayload(slot, told)),
        Full = true,
        Priority = CallPriority.Live,
        ReceivedAt = time.GetUtcNow(),
    };

    /// <summary>What a tick carries: when it was due, and what it is told.</summary>
    public static Dictionary<string, object?> TickPayload(DateTimeOffset slot, IReadOnlyDictionary<string, object?>? told) => new(told ?? new Dictionary<string, object?>()) { [ScheduledFor] = slot };

    /// <summary>What a tick was told; null when it was told nothing.</summary>
    public static IReadOnlyDictionary<string, object?>? ToldOf(object? payload) =>
        payload is IReadOnlyDictionary<string, object?> { Count: > 1 } tick ? tick.Where(t => t.Key != ScheduledFor).ToDictionary(t => t.Key, t => t.Value) : null;

    /// <summary>When a tick was due; null for any other payload.</summary>
    public static DateTimeOffset? SlotOf(object? payload) =>
        payload is IReadOnlyDictionary<string, object?> record && record.TryGetValue(ScheduledFor, out var slot) ? slot as DateTimeOffset? : null;

    private const string ScheduledFor = "(scheduledFor)";

    /// <summary>What expressions read as <c>run</c>.</summary>
    public static Dictionary<string, object?> RunSlot(string id, DateTimeOffset now, string flow, string trigger, DateTimeOffset? scheduledFor) => new(5)
    {
        ["id"] = id, ["now"] = now, ["flow"] = flow, ["trigger"] = trigger, ["scheduledFor"] = scheduledFor,
    };

    /// <summary>Slots with what every expression may read: parameters and tables.</summary>
    public static object?[] NewSlots(ActiveDeployment deployment)
    {
        var slots = new object?[Math.Max(deployment.Flow.SlotCount, Slots.First)];
        slots[Slots.Params] = deployment.Parameters;
        slots[Slots.Tables] = deployment.Tables;
        return slots;
    }

    private static string Hash(byte[] payload) => Convert.ToHexStringLower(SHA256.HashData(payload))[..32];
}
