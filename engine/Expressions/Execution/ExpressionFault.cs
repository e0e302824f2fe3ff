namespace WorkflowEngine.Expressions.Execution;

/// <summary>Carries a failure out of a function of ours, through the engine, to the invocation that turns it into a value.</summary>
internal sealed class ExpressionFault(EvaluationErrorKind kind, string message) : Exception(message)
{
    public EvaluationErrorKind Kind { get; } = kind;

    public static ExpressionFault Wrong(string message) => new(EvaluationErrorKind.Runtime, message);

    public static ExpressionFault Limit(string message) => new(EvaluationErrorKind.Limit, message);
}
