namespace WorkflowEngine.Definitions;

/// <summary>A mappings file, taken over by <c>setFrom</c>: lines shared by several steps.</summary>
public sealed record MappingDefinition
{
    public required SourceText Source { get; init; }

    public required SourceSpan Span { get; init; }

    public required Located<string> Mapping { get; init; }

    /// <summary>What the lines are written for; null fits any entity.</summary>
    public EntityReference? Entity { get; init; }

    public SetBlock? Set { get; init; }

    public SetBlock? SetOnCreate { get; init; }

    public SetBlock? SetOnUpdate { get; init; }
}
