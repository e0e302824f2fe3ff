namespace WorkflowEngine.Expressions.Analysis;

public enum ExpressionSeverity
{
    Warning,
    Error,
}
