namespace WorkflowEngine.Definitions;

/// <summary><c>with:</c> is either one expression that gives the whole object (<c>=trigger</c>) or lines; the other one is null or empty.</summary>
public sealed record WithDefinition(SourceSpan Span, SourceSpan KeySpan, ExpressionValue? Whole, IReadOnlyList<FieldLine> Lines);
