namespace WorkflowEngine.Definitions;

/// <summary>What <c>if</c>, <c>when</c> and <c>filter</c> take: an expression, or the constant true or false (then the expression is null).</summary>
public sealed record ConditionDefinition(SourceSpan Span, ExpressionText? Expression, bool Constant);
