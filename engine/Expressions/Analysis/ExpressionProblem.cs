namespace WorkflowEngine.Expressions.Analysis;

/// <summary>Something wrong in an expression, at offsets of its source text (without the leading <c>=</c>).</summary>
public sealed record ExpressionProblem(string Code, ExpressionSeverity Severity, int Start, int Length, string Message, string? Hint)
{
    public bool IsError => Severity == ExpressionSeverity.Error;
}
