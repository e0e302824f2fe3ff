using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary>What a step compiler gets: the session, the names at the step's place, and the step's head in the plan.</summary>
internal sealed record StepContext(FlowSession Session, StepScope Scope, PlanStep Head)
{
    /// <summary>The step stands inside a <c>forEach</c>.</summary>
    public bool InLoop { get; init; }

    /// <summary>The step is compiled a second time, for <c>again</c>: it is no further read or write of the flow.</summary>
    public bool IsAgain { get; init; }

    public DiagnosticBag Problems => Session.Problems;
}

/// <summary>What a step that is one instruction became.</summary>
/// <param name="Instruction">Null when its mistakes leave nothing to run.</param>
/// <param name="Output">The type of its output.</param>
internal sealed record StepResult(Instruction? Instruction, ExprType Output)
{
    /// <summary>Nothing behind the step is reached.</summary>
    public bool Ends { get; init; }

    public static readonly StepResult Unknown = new(null, ExprType.Any);
}
