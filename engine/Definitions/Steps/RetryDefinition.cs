namespace WorkflowEngine.Definitions;

/// <summary><c>retry: { attempts: 8, first: 30s, most: 1h }</c>; null parts take the engine's defaults.</summary>
public sealed record RetryDefinition(SourceSpan Span, Located<long>? Attempts, Located<TimeSpan>? First, Located<TimeSpan>? Most);
