namespace WorkflowEngine.Compilation.Plan;

/// <summary>What becomes of a child that is not in the list.</summary>
public enum PlanMissing
{
    Keep,
    Delete,

    /// <summary>It is changed by <see cref="SyncInstruction.MissingSet"/>.</summary>
    Set,
}

/// <summary>
/// <c>sync</c>: makes the children of one record equal a list. Each item is an upsert whose <c>set</c> holds the fields that tie it to the record; then the children that no item
/// matched are kept, changed or deleted. Output: the list of the items' <c>{ id, created, changed, record }</c>.
/// </summary>
public sealed record SyncInstruction : Instruction
{
    /// <summary>One value, the list.</summary>
    public required PlanMapping Each { get; init; }

    /// <summary>Slot of the item.</summary>
    public required int Item { get; init; }

    /// <summary>What is done for an item; its output slot holds the item's result.</summary>
    public required UpsertInstruction Upsert { get; init; }

    /// <summary>The fields that tie children to their record, as a condition.</summary>
    public required PlanCondition Within { get; init; }

    /// <summary>Values of <see cref="Within"/>.</summary>
    public required PlanMapping WithinValues { get; init; }

    public PlanMissing Missing { get; init; }

    /// <summary>Paths read of the children.</summary>
    public IReadOnlyList<string> MissingSelect { get; init; } = [];

    public IReadOnlyList<PlanFieldLine> MissingSet { get; init; } = [];

    /// <summary>The step's options over <see cref="MissingValues"/>.</summary>
    public IReadOnlyList<PlanOption> MissingOptions { get; init; } = [];

    /// <summary>Values of <see cref="MissingSet"/>; may read <see cref="Slots.Found"/>.</summary>
    public PlanMapping? MissingValues { get; init; }
}
