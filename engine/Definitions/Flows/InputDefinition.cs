namespace WorkflowEngine.Definitions;

/// <summary>What the steps read: a whole entity, or fields (then the entity is null).</summary>
public sealed record InputDefinition(SourceSpan Span, EntityReference? Entity, IReadOnlyList<FieldDefinition> Fields);

/// <summary>A typed field of an input or a column of a table.</summary>
public sealed record FieldDefinition(
    SourceSpan Span, Located<string> Name, TypeDefinition Type, Located<bool>? Optional, ValueDefinition? Default, Located<string>? Title)
{
    public bool IsOptional => Optional?.Value == true;
}
