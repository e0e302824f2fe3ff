using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Evaluates mappings of a plan over a run's slots.</summary>
public interface IEvaluator
{
    /// <summary>One value per source, or why there are none. Never throws for what the author or the data did.</summary>
    ValueTask<Evaluated> EvaluateAsync(PlanMapping mapping, object?[] slots, CancellationToken cancellationToken);
}

/// <summary>The values of a mapping, or its failure.</summary>
public readonly record struct Evaluated(object?[] Values, EvaluationFault? Fault)
{
    public static Evaluated Of(params object?[] values) => new(values, null);

    public static Evaluated Failed(EvaluationFault fault) => new([], fault);
}

/// <summary>Why an expression gave no value.</summary>
/// <param name="Source">Which of the mapping's sources; -1 = unknown.</param>
/// <param name="Code">Why, in one word: <c>null</c>, <c>table</c>, <c>limit</c>, …</param>
/// <param name="Message">For the person who reads the dead letter.</param>
public sealed record EvaluationFault(int Source, string Code, string Message);
