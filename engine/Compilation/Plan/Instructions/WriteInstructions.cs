using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

/// <summary>A step that writes an entity.</summary>
public abstract record WriteInstruction : Instruction
{
    /// <summary>The logical connection.</summary>
    public required string Connection { get; init; }

    public required EntityDescriptor Entity { get; init; }

    /// <summary>All values of the step but those of <c>setOnUpdate</c>; null when it has none.</summary>
    public PlanMapping? Values { get; init; }

    /// <summary>Lines of <c>set</c>.</summary>
    public IReadOnlyList<PlanFieldLine> Set { get; init; } = [];

    /// <summary>What a null value in a line does.</summary>
    public PlanEmpty Empty { get; init; }

    /// <summary>Paths read with the record that is changed: the fields set, those of the rules, what <c>found</c> and the output's <c>record</c> read.</summary>
    public IReadOnlyList<string> Select { get; init; } = [];

    /// <summary>Equal after normalisation = no write.</summary>
    public bool SkipUnchanged { get; init; } = true;
}

/// <summary>What an upsert does when no rule finds a record and the one that carries its key was deleted.</summary>
public enum PlanDeleted
{
    /// <summary>A new record is made: nobody asks.</summary>
    Create,

    /// <summary>It is restored and changed.</summary>
    Restore,

    /// <summary>The step gives null.</summary>
    Skip,

    Fail,
}

/// <summary><c>upsert</c>. Output: <c>{ id, created, changed, record }</c>.</summary>
public sealed record UpsertInstruction : WriteInstruction
{
    public required IReadOnlyList<PlanMatchRule> Rules { get; init; }

    public IReadOnlyList<PlanFieldLine> SetOnCreate { get; init; } = [];

    public IReadOnlyList<PlanFieldLine> SetOnUpdate { get; init; } = [];

    /// <summary>Values of <see cref="SetOnUpdate"/>; may read <see cref="Slots.Found"/>.</summary>
    public PlanMapping? UpdateValues { get; init; }

    /// <summary>Whether a record that a later rule found may be taken over, one boolean; may read <see cref="Slots.Found"/>. Null = any may.</summary>
    public PlanMapping? Adopt { get; init; }

    public PlanAmbiguous OnAmbiguous { get; init; }

    public PlanOwned OnOwned { get; init; }

    public PlanDeleted OnDeleted { get; init; }

    /// <summary>The one rule is an external id and nothing depends on whether the record exists: straight to the vendor's upsert.</summary>
    public bool Direct { get; init; }
}

/// <summary><c>create</c>. Output: <c>{ id, existed, record }</c>.</summary>
public sealed record CreateInstruction : WriteInstruction
{
    /// <summary>The field that carries the key in the target (it is set too); null with <c>duplicates: accept</c>.</summary>
    public PlanFieldLine? Once { get; init; }

    /// <summary>The field of <see cref="Once"/> is unique at the vendor and an external id.</summary>
    public bool OnceIsUnique { get; init; }
}

/// <summary><c>update</c> and <c>delete</c> of one record or, with <see cref="All"/>, of all that fit. Output: <c>{ id, changed }</c>, with all a list of them.</summary>
public sealed record ChangeInstruction : WriteInstruction
{
    public required bool Delete { get; init; }

    /// <summary>Index of the record's id in the values; -1 = by <see cref="Where"/>.</summary>
    public int Record { get; init; } = -1;

    public PlanCondition? Where { get; init; }

    public PlanOrElse OrElse { get; init; }

    public bool All { get; init; }

    public bool IncludeInactive { get; init; }
}
