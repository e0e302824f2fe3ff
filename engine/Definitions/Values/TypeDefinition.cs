namespace WorkflowEngine.Definitions;

/// <summary>A type as written in parameters, input fields and table columns.</summary>
public abstract record TypeDefinition(SourceSpan Span);

/// <summary>One of text, integer, number, decimal, boolean, date, instant, duration, timeZone, cron.</summary>
public sealed record NamedType(SourceSpan Span, string Name) : TypeDefinition(Span);

/// <summary><c>connection/Entity</c>: a record; as a parameter or column, a reference to one.</summary>
public sealed record EntityType(SourceSpan Span, EntityReference Entity) : TypeDefinition(Span);

/// <summary><c>connection/Entity.field</c>: the values of that field, usually a picklist.</summary>
public sealed record EntityFieldType(SourceSpan Span, EntityReference Entity, Located<string> Field) : TypeDefinition(Span);

/// <summary><c>Id&lt;connection/Entity&gt;</c>.</summary>
public sealed record IdType(SourceSpan Span, EntityReference Entity) : TypeDefinition(Span);

/// <summary><c>{ list: T }</c> or <c>{ type: list, of: T }</c>.</summary>
public sealed record ListType(SourceSpan Span, TypeDefinition Element) : TypeDefinition(Span);

/// <summary><c>{ type: choice, of: [a, b] }</c>.</summary>
public sealed record ChoiceType(SourceSpan Span, IReadOnlyList<Located<string>> Choices) : TypeDefinition(Span);

/// <summary><c>{ fields: { street: text } }</c>: an object with known fields.</summary>
public sealed record ObjectType(SourceSpan Span, IReadOnlyList<FieldDefinition> Fields) : TypeDefinition(Span);
