namespace WorkflowEngine.Expressions.Execution;

/// <summary>How many engines there are and what an invocation may use.</summary>
public sealed record ExpressionEngineOptions
{
    public ExpressionLimits Limits { get; init; } = ExpressionLimits.Default;

    /// <summary>Engines that threads of the caller rent; more callers than engines wait for one.</summary>
    public int Engines { get; init; } = Math.Max(4, Environment.ProcessorCount * 2);

    /// <summary>Threads of our own with large stacks, for callers whose stack is nearly used up.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>The clock of the time limit. Real time always: a virtual clock would stop no loop.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
