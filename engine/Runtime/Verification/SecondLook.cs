using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>
/// A written record is looked at again when the vendor surely shows it: after a create without a vendor key, whether it is there twice; after a write whose answer was not known,
/// whether the vendor carried it out late, over a newer one. Planned as an event of the same key, so that no run of the key is under way meanwhile.
/// </summary>
internal sealed record SecondLook
{
    public required string Step { get; init; }

    public required string RunId { get; init; }

    public required string RecordId { get; init; }

    /// <summary>Under what it was created; empty = it is not looked for twice.</summary>
    public required IReadOnlyList<LookupTerm> Lookup { get; init; }

    /// <summary>What was written, by path; empty = the record is not compared.</summary>
    public required IReadOnlyDictionary<string, object?> Written { get; init; }

    /// <summary>The trigger of the run that wrote, and the record that started it.</summary>
    public required string Trigger { get; init; }

    public string? SubjectEntity { get; init; }

    public string? SubjectId { get; init; }

    /// <summary>What must be looked at after this effect; null = nothing.</summary>
    public static PlanEvent? Of(Run run, WriteInstruction write, PendingIntent intent, string recordId, DateTimeOffset due)
    {
        var created = intent.Kind == IntentKind.Create && intent.Lookup.Count > 0;
        var unsure = intent.Unknown && intent.Kind is IntentKind.Update or IntentKind.Upsert;
        if (!created && !unsure) return null;
        var look = new SecondLook
        {
            Step = write.Step.Name, RunId = run.State.RunId, RecordId = recordId, Trigger = run.State.Trigger, SubjectEntity = run.Event.Entity, SubjectId = run.Event.RecordId,
            Lookup = created ? intent.Lookup : [],
            Written = unsure ? intent.Fields.Where(f => f.Value is not ParentReference).ToDictionary(f => f.Key, f => f.Value) : new Dictionary<string, object?>(),
        };
        var looked = new NewEvent
        {
            Deployment = run.Event.Key.Deployment, Trigger = PlanTrigger.LookId, Kind = EventKind.Manual, Key = run.Event.Key.Key, Lane = run.Event.Lane, Payload = look.Encode(),
            Full = true, Priority = CallPriority.Retry, ReceivedAt = due,
        };
        return new PlanEvent(looked, $"look {write.Step.Name} {recordId}", due);
    }

    public static SecondLook? Decode(ReadOnlySpan<byte> payload)
    {
        if (Payload.Decode(payload) is not IReadOnlyDictionary<string, object?> look) return null;
        if (look.GetValueOrDefault("step") is not string step || look.GetValueOrDefault("record") is not string record || look.GetValueOrDefault("trigger") is not string trigger) return null;
        var lookup = new List<LookupTerm>();
        foreach (var term in (look.GetValueOrDefault("lookup") as IReadOnlyList<object?> ?? []).OfType<IReadOnlyDictionary<string, object?>>())
        {
            if (term.GetValueOrDefault("paths") is IReadOnlyList<object?> paths && term.GetValueOrDefault("value") is { } value) lookup.Add(new LookupTerm([.. paths.OfType<string>()], value));
        }

        return new SecondLook
        {
            Step = step, RecordId = record, Trigger = trigger, Lookup = lookup, RunId = look.GetValueOrDefault("run") as string ?? "",
            Written = look.GetValueOrDefault("written") as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>(),
            SubjectEntity = look.GetValueOrDefault("subjectEntity") as string, SubjectId = look.GetValueOrDefault("subject") as string,
        };
    }

    private byte[] Encode() => Payload.Encode(new Dictionary<string, object?>
    {
        ["step"] = Step, ["run"] = RunId, ["record"] = RecordId, ["trigger"] = Trigger, ["subjectEntity"] = SubjectEntity, ["subject"] = SubjectId, ["written"] = Written,
        ["lookup"] = Lookup.Select(t => (object?)new Dictionary<string, object?> { ["paths"] = t.Paths.Select(p => (object?)p).ToList(), ["value"] = t.Value }).ToList(),
    });
}
