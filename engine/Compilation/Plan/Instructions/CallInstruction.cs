using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

/// <summary><c>call</c>: a connector's named operation.</summary>
public sealed record CallInstruction : Instruction
{
    /// <summary>The logical connection.</summary>
    public required string Connection { get; init; }

    public required OperationDescriptor Operation { get; init; }

    /// <summary>All values of the step; null when it has none.</summary>
    public PlanMapping? Values { get; init; }

    public IReadOnlyList<PlanFieldLine> With { get; init; } = [];
}
