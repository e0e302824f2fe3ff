namespace WorkflowEngine.Definitions;

/// <summary><c>template.yaml</c>: what the flows of one template share.</summary>
public sealed record TemplateDefinition
{
    public required SourceText Source { get; init; }

    public required SourceSpan Span { get; init; }

    public required Located<string> Template { get; init; }

    public Located<string>? Title { get; init; }

    public Located<string>? Description { get; init; }

    public Located<string>? Version { get; init; }

    public IReadOnlyList<ConnectionName> Connections { get; init; } = [];

    public IReadOnlyList<ParameterDefinition> Parameters { get; init; } = [];

    public IReadOnlyList<RequiredConnection> Requires { get; init; } = [];

    public IReadOnlyList<TableDefinition> Tables { get; init; } = [];

    public IReadOnlyList<Located<string>> Was { get; init; } = [];
}
