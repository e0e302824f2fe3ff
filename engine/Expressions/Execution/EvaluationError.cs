namespace WorkflowEngine.Expressions.Execution;

/// <summary>A failed expression, as a value.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Message">For a person; holds no value of the input except table keys.</param>
/// <param name="ExpressionIndex">Which of the mapping's expressions; -1 when unknown.</param>
/// <param name="Offset">Where in that expression's source; -1 when unknown.</param>
public sealed record EvaluationError(EvaluationErrorKind Kind, string Message, int ExpressionIndex, int Offset);
