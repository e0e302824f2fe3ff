namespace WorkflowEngine.Definitions;

/// <summary>One case of onError; the first whose kind or code fits is taken. Neither given: any error.</summary>
public sealed record ErrorCase(
    SourceSpan Span,
    IReadOnlyList<Located<string>> Kinds,
    IReadOnlyList<Located<string>> Codes,
    IReadOnlyList<StepDefinition> Do,
    AgainDefinition? Again,
    Located<ErrorThen>? Then);

/// <summary>Repeats the step once with these lines changed.</summary>
public sealed record AgainDefinition(SourceSpan Span, SetBlock? Set, SetBlock? SetOnCreate, SetBlock? SetOnUpdate, SetBlock? Options);
