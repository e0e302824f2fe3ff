namespace WorkflowEngine.Compilation.Plan;

/// <summary>Whose value a field of the survivor gets.</summary>
public enum PlanSurvivor
{
    /// <summary>The survivor's own.</summary>
    Keep,

    /// <summary>The survivor's own, and where it is empty the first of the others'.</summary>
    Filled,

    /// <summary>That of the record changed last, among those that have one.</summary>
    Newest,

    Oldest,

    /// <summary>The longest text.</summary>
    Longest,

    /// <summary>What an expression over all records gives.</summary>
    Expression,
}

/// <summary><c>merge</c>: joins duplicates. Output: <c>{ id, merged }</c>.</summary>
public sealed record MergeInstruction : WriteInstruction
{
    /// <summary>Index of the survivor's id.</summary>
    public required int Keep { get; init; }

    /// <summary>Index of the id, or list of ids, of the records that go up in it.</summary>
    public required int Remove { get; init; }

    /// <summary>Index of the text that says why they are the same; -1 = none.</summary>
    public int Because { get; init; } = -1;

    public IReadOnlyList<PlanSurvivorLine> Survivorship { get; init; } = [];

    /// <summary>Values of the lines that are expressions; may read <see cref="Records"/>.</summary>
    public PlanMapping? SurvivorValues { get; init; }

    /// <summary>Slot of the records, the survivor first.</summary>
    public required int Records { get; init; }
}

/// <summary>What becomes of one field.</summary>
/// <param name="Line">The field; its value counts for an expression only.</param>
/// <param name="Rule">Whose value it gets.</param>
public sealed record PlanSurvivorLine(PlanFieldLine Line, PlanSurvivor Rule);
