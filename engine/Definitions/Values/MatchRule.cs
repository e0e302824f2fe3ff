namespace WorkflowEngine.Definitions;

/// <summary>One rule of <c>match</c>: all its terms must hold.</summary>
public sealed record MatchRule(SourceSpan Span, IReadOnlyList<MatchTerm> Terms);

/// <summary>A field whose value comes from set or setOnCreate, or a path with its own value that is compared and not written.</summary>
/// <param name="Path">As written, with its alternatives: <c>Phone|MobilePhone</c>.</param>
/// <param name="Alternatives">The paths between the bars; one when there is no bar.</param>
/// <param name="Value">Null for a field of set.</param>
public sealed record MatchTerm(Located<string> Path, IReadOnlyList<Located<string>> Alternatives, ValueDefinition? Value)
{
    public SourceSpan Span => Value is null ? Path.Span : Path.Span.To(Value.Span);
}
