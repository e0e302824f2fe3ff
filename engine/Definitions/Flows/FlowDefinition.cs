namespace WorkflowEngine.Definitions;

/// <summary>One flow file as its author wrote it.</summary>
public sealed record FlowDefinition
{
    public required SourceText Source { get; init; }

    public required SourceSpan Span { get; init; }

    public required Located<string> Flow { get; init; }

    public Located<string>? Title { get; init; }

    public Located<string>? Description { get; init; }

    public Located<string>? Version { get; init; }

    public IReadOnlyList<ConnectionName> Connections { get; init; } = [];

    public IReadOnlyList<ParameterDefinition> Parameters { get; init; } = [];

    public IReadOnlyList<RequiredConnection> Requires { get; init; } = [];

    public IReadOnlyList<TableDefinition> Tables { get; init; } = [];

    public InputDefinition? Input { get; init; }

    public IReadOnlyList<TriggerDefinition> Triggers { get; init; } = [];

    /// <summary>Null: the record's id.</summary>
    public ValueDefinition? Key { get; init; }

    public required IReadOnlyList<StepDefinition> Steps { get; init; }

    /// <summary>What <c>flow:</c> in another flow gets: an expression or an object.</summary>
    public ValueDefinition? Output { get; init; }

    /// <summary>Earlier names of this flow.</summary>
    public IReadOnlyList<Located<string>> Was { get; init; } = [];
}

/// <summary><c>logical name: connector</c>.</summary>
public sealed record ConnectionName(Located<string> Name, Located<string> Connector);
