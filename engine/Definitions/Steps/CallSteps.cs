namespace WorkflowEngine.Definitions;

/// <summary>A connector's named operation.</summary>
public sealed record CallStep : StepDefinition
{
    public required OperationReference Operation { get; init; }

    public WithDefinition? With { get; init; }

    public SetBlock? Once { get; init; }
}

/// <summary><c>flow: id</c>: another flow inside this run.</summary>
public sealed record FlowStep : StepDefinition
{
    public required Located<string> Flow { get; init; }

    public WithDefinition? With { get; init; }
}

/// <summary><c>start: id</c>: durable hand-over to a flow under another key.</summary>
public sealed record StartStep : StepDefinition
{
    public required Located<string> Flow { get; init; }

    public ValueDefinition? Key { get; init; }

    public WithDefinition? With { get; init; }

    /// <summary>Null when not written; a <see cref="NullValue"/> or an expression that gives null cancels.</summary>
    public ValueDefinition? At { get; init; }
}

/// <summary><c>http: connection</c> with method, path, parameters, headers, body: a REST call through a named connection.</summary>
public sealed record HttpStep : StepDefinition
{
    public required Located<string> Connection { get; init; }

    /// <summary>GET, POST, PUT, PATCH or DELETE; default GET.</summary>
    public Located<string>? Method { get; init; }

    public ValueDefinition? Path { get; init; }

    /// <summary>Of the query string; not called query, which is an activity's word.</summary>
    public SetBlock? Parameters { get; init; }

    public SetBlock? Headers { get; init; }

    public ValueDefinition? Body { get; init; }

    /// <summary>The header that carries the key of a call that must not happen twice.</summary>
    public SetBlock? Once { get; init; }
}
