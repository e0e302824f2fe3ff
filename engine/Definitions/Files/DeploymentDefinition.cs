namespace WorkflowEngine.Definitions;

public enum DeploymentState
{
    Active,
    Paused,
    Draining,
}

/// <summary>A template version bound to connections, parameters and an overlay.</summary>
public sealed record DeploymentDefinition
{
    public required SourceText Source { get; init; }

    public required SourceSpan Span { get; init; }

    public required Located<string> Deployment { get; init; }

    public required Located<string> Template { get; init; }

    public Located<string>? Version { get; init; }

    /// <summary>Default active.</summary>
    public Located<DeploymentState>? State { get; init; }

    /// <summary>Logical name → name of a connection of the workspace.</summary>
    public IReadOnlyList<ConnectionName> Connections { get; init; } = [];

    public IReadOnlyList<FieldLine> Parameters { get; init; } = [];

    public ValueDefinition? Since { get; init; }

    /// <summary>Template name (<c>connection/Entity</c> or <c>connection/Entity.field</c>) → the org's name.</summary>
    public IReadOnlyList<NameMapping> Names { get; init; } = [];

    public IReadOnlyList<OverlayFlow> Overlay { get; init; } = [];

    /// <summary>Fields of this company that its changed lines read or write, beside those the template requires.</summary>
    public IReadOnlyList<RequiredConnection> Requires { get; init; } = [];

    public IReadOnlyList<TableDefinition> Tables { get; init; } = [];

    /// <summary>Fields (<c>Entity.Field</c>, the org's names) that other deployments write or follow too, and that is meant.</summary>
    public IReadOnlyList<Located<string>> SharedFields { get; init; } = [];

    /// <summary>Where the token of inbound calls is read from.</summary>
    public SecretSource? HookToken { get; init; }
}

public sealed record NameMapping(Located<string> From, Located<string> To);

public sealed record OverlayFlow(SourceSpan Span, Located<string> Flow, IReadOnlyList<OverlayStep> Steps);

/// <summary>Changes to one step: set lines (also <see cref="RemoveValue"/>), conditions of a query, the message of an ending step, or its removal.</summary>
public sealed record OverlayStep
{
    public required SourceSpan Span { get; init; }

    public required Located<string> Step { get; init; }

    public bool Remove { get; init; }

    public SetBlock? Set { get; init; }

    public SetBlock? SetOnCreate { get; init; }

    public SetBlock? SetOnUpdate { get; init; }

    public SetBlock? Map { get; init; }

    public SetBlock? Options { get; init; }

    public WhereClause? Where { get; init; }

    public ConditionDefinition? If { get; init; }

    /// <summary><c>stop</c>, <c>fail</c>, <c>warn</c> or <c>next</c> with a new text.</summary>
    public FieldLine? Message { get; init; }
}

/// <summary><c>{ env: VAR }</c>: a secret is named, never written.</summary>
public sealed record SecretSource(SourceSpan Span, Located<string> EnvironmentVariable);
