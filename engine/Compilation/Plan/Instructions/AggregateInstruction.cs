using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

/// <summary><c>aggregate</c>: counts, sums and extremes of the records that fit. Output: a list of rows, exactly one without <see cref="GroupBy"/>.</summary>
public sealed record AggregateInstruction : Instruction
{
    /// <summary>The logical connection.</summary>
    public required string Connection { get; init; }

    public required EntityDescriptor Entity { get; init; }

    /// <summary>Paths that are read.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    public required PlanCondition Where { get; init; }

    /// <summary>Values of <see cref="Where"/>; null when it has none.</summary>
    public PlanMapping? Values { get; init; }

    /// <summary>What makes a group, by path.</summary>
    public IReadOnlyList<PlanGroupTerm> GroupBy { get; init; } = [];

    public IReadOnlyList<PlanAggregateLine> Lines { get; init; } = [];

    /// <summary>Also rows the vendor hides as inactive.</summary>
    public bool IncludeInactive { get; init; }
}

/// <summary>A field by whose value records are grouped.</summary>
public sealed record PlanGroupTerm(string Path, FieldDescriptor Field);

/// <summary>One computed value of each row.</summary>
/// <param name="Name">Its name in the row.</param>
/// <param name="Function">How it is computed.</param>
/// <param name="Path">The field's path.</param>
/// <param name="Field">The field at its end.</param>
public sealed record PlanAggregateLine(string Name, PlanAggregate Function, string Path, FieldDescriptor Field);

public enum PlanAggregate
{
    /// <summary>The sum of nothing is 0.</summary>
    Sum,

    /// <summary>The least of nothing is null.</summary>
    Min,

    Max,
}
