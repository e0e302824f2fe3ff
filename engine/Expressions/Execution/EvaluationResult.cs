using System.Diagnostics.CodeAnalysis;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>The values of a mapping's expressions in their order, or the first error.</summary>
public sealed class EvaluationResult
{
    internal EvaluationResult(object?[] values) => Values = values;

    internal EvaluationResult(EvaluationError error) => Error = error;

    public object?[]? Values { get; }

    public EvaluationError? Error { get; }

    [MemberNotNullWhen(true, nameof(Values))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Values is not null;
}
