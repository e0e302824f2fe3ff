namespace WorkflowEngine.Definitions;

/// <summary>Lines joined by and.</summary>
public sealed record WhereClause(SourceSpan Span, IReadOnlyList<WhereLine> Lines);

public abstract record WhereLine(SourceSpan Span);

/// <summary>A field (or a path such as <c>job.id</c>) and the tests on it, joined by and.</summary>
public sealed record WhereField(SourceSpan Span, Located<string> Path, IReadOnlyList<WhereTest> Tests) : WhereLine(Span);

/// <summary><c>any: [ {…}, {…} ]</c>: at least one of the clauses holds.</summary>
public sealed record WhereAny(SourceSpan Span, SourceSpan KeySpan, IReadOnlyList<WhereClause> Clauses) : WhereLine(Span);

/// <summary>One comparison. A plain value is Equal, a list is In.</summary>
/// <param name="OperatorSpan">The operator's word; for a plain value or list the value itself.</param>
public sealed record WhereTest(SourceSpan Span, SourceSpan OperatorSpan, WhereOperator Operator, ValueDefinition Value);

public enum WhereOperator
{
    Equal,
    In,
    NotIn,
    Gt,
    Gte,
    Lt,
    Lte,
    Like,
    Not,
    Is,
}
