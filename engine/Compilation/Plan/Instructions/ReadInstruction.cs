using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

/// <summary><c>lookup</c> and <c>query</c>.</summary>
public sealed record ReadInstruction : Instruction
{
    /// <summary>The logical connection.</summary>
    public required string Connection { get; init; }

    public required EntityDescriptor Entity { get; init; }

    /// <summary>Paths the flow reads of it.</summary>
    public required IReadOnlyList<string> Fields { get; init; }

    public required PlanCondition Where { get; init; }

    /// <summary>Values of <see cref="Where"/>; null when it has none.</summary>
    public PlanMapping? Values { get; init; }

    public IReadOnlyList<OrderTerm> OrderBy { get; init; } = [];

    /// <summary>True: one record or null. False: a list.</summary>
    public required bool One { get; init; }

    /// <summary>For one: a missing record; for a list not used.</summary>
    public PlanOrElse OrElse { get; init; }

    /// <summary>For one: the first of several counts; else several fail.</summary>
    public bool FirstOfSeveral { get; init; }

    /// <summary>For a list: the author's limit, which cuts; null = the engine's bound, over which the step fails.</summary>
    public int? Limit { get; init; }

    /// <summary>Also rows the vendor hides as inactive.</summary>
    public bool IncludeInactive { get; init; }
}
