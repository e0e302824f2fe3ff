namespace WorkflowEngine.Definitions;

/// <summary>What stands where a value is expected. The closed family: literal, null, expression, list, object, reference, removal.</summary>
public abstract record ValueDefinition(SourceSpan Span);

public enum LiteralKind
{
    /// <summary>Text exactly as written.</summary>
    Text,

    /// <summary>A JSON number outside quotes; its type is decided by its place, a text field takes its source text.</summary>
    Number,

    /// <summary><c>true</c> or <c>false</c> outside quotes.</summary>
    Boolean,
}

/// <summary>A literal scalar; <paramref name="Text"/> is its text as written, escapes resolved.</summary>
/// <param name="Quoted">Written in quotes or as a block, or by <c>{ literal: … }</c>.</param>
public sealed record LiteralValue(SourceSpan Span, LiteralKind Kind, string Text, bool Quoted) : ValueDefinition(Span)
{
    /// <summary>Only meaningful when <see cref="Kind"/> is Boolean.</summary>
    public bool IsTrue => Kind == LiteralKind.Boolean && Text == "true";
}

/// <summary>The YAML word <c>null</c>: in <c>set</c> it clears the field, elsewhere it is the value null.</summary>
public sealed record NullValue(SourceSpan Span) : ValueDefinition(Span);

public sealed record ExpressionValue(SourceSpan Span, ExpressionText Expression) : ValueDefinition(Span);

public sealed record ListValue(SourceSpan Span, IReadOnlyList<ValueDefinition> Items) : ValueDefinition(Span);

public sealed record ObjectValue(SourceSpan Span, IReadOnlyList<FieldLine> Lines) : ValueDefinition(Span);

/// <summary><c>{ ref: connection/Entity, by: Field, value: …, orElse: later|none|fail }</c>: a parent named by an external id.</summary>
public sealed record ReferenceValue(
    SourceSpan Span, EntityReference Entity, Located<string> By, ValueDefinition Value, Located<OrElse>? OrElse) : ValueDefinition(Span);

/// <summary><c>{ remove: true }</c>, only in an overlay: the template's line is left out.</summary>
public sealed record RemoveValue(SourceSpan Span) : ValueDefinition(Span);
