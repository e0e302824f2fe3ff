using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

/// <summary>One flow version, immutable: every name is a slot, every field carries its type, every step is an instruction at a fixed place.</summary>
public sealed record CompiledFlow
{
    /// <summary>The flow's id.</summary>
    public required string Id { get; init; }

    public string? Title { get; init; }

    public string? Version { get; init; }

    /// <summary>Hash of everything that decides what the flow does; names the version.</summary>
    public required string Hash { get; init; }

    /// <summary>Logical connection name → connector.</summary>
    public required IReadOnlyDictionary<string, string> Connections { get; init; }

    public required IReadOnlyList<PlanTrigger> Triggers { get; init; }

    /// <summary>The key of an event: one expression over <see cref="Slots.Input"/>, <see cref="Slots.Trigger"/> and <see cref="Slots.Params"/>. Null = the record's id; for other triggers the flow's id.</summary>
    public PlanMapping? Key { get; init; }

    /// <summary>The key is the record's id whatever the record holds, so a hint can be given its lane without being read.</summary>
    public bool KeyIsRecordId { get; init; }

    /// <summary>The steps, flat. A run ends well behind the last one.</summary>
    public required IReadOnlyList<Instruction> Instructions { get; init; }

    /// <summary>Slots of a run, those of <see cref="Slots"/> included.</summary>
    public required int SlotCount { get; init; }

    /// <summary>Name of each slot, for explanations.</summary>
    public required IReadOnlyList<string> SlotNames { get; init; }

    /// <summary>
    /// A run may begin anew after a crash, so no checkpoint is taken: every effect is keyed by a vendor-unique key, and nothing after it depends on a
    /// read of an entity the flow writes, nor on <c>created</c> or <c>changed</c>.
    /// </summary>
    public bool Restartable { get; init; }

    /// <summary>
    /// One hash per instruction, of the plan up to and with it: a run parked behind instruction n may go on in another version whose hash n is equal.
    /// </summary>
    public IReadOnlyList<string> PrefixHashes { get; init; } = [];

    /// <summary>For each logical connection its entities with the fields that metadata and <c>requires</c> add: those the flow names, their parents included.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<EntityDescriptor>> Entities { get; init; } = new Dictionary<string, IReadOnlyList<EntityDescriptor>>();

    /// <summary>The type of the input, an object: payloads of webhooks and manual runs are read by it.</summary>
    public FieldType Input { get; init; } = new() { Kind = FieldKind.Object, OpenFields = true };

    /// <summary>What the deployment is asked for.</summary>
    public IReadOnlyList<PlanParameter> Parameters { get; init; } = [];

    public IReadOnlyList<PlanTable> Tables { get; init; } = [];

    /// <summary>What fields of the input are where nothing is given for them.</summary>
    public IReadOnlyDictionary<string, object?> InputDefaults { get; init; } = new Dictionary<string, object?>();
}
