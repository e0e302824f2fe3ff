namespace WorkflowEngine.Definitions;

/// <summary>A value asked for at deployment.</summary>
public sealed record ParameterDefinition
{
    public required SourceSpan Span { get; init; }

    public required Located<string> Name { get; init; }

    public required TypeDefinition Type { get; init; }

    public Located<string>? Title { get; init; }

    public ValueDefinition? Default { get; init; }

    public Located<bool>? Optional { get; init; }

    public ValueDefinition? Min { get; init; }

    public ValueDefinition? Max { get; init; }

    /// <summary>Which records of an entity may be chosen.</summary>
    public WhereClause? Where { get; init; }

    public bool IsOptional => Optional?.Value == true;
}
