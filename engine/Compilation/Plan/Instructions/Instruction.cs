namespace WorkflowEngine.Compilation.Plan;

/// <summary>One thing a run does; a closed family. Targets are indexes into <see cref="CompiledFlow.Instructions"/>; behind it the run goes on with the next one.</summary>
public abstract record Instruction
{
    public required PlanStep Step { get; init; }
}
