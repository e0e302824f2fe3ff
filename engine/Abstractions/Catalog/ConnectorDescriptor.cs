namespace WorkflowEngine.Abstractions;

/// <summary>A system we can talk to, as data: its entities, operations and settings.</summary>
public sealed record ConnectorDescriptor
{
    /// <summary>The name flows use: <c>servicetitan</c>, <c>salesforce</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A title for people.</summary>
    public required string Title { get; init; }

    /// <summary>Its entities.</summary>
    public required IReadOnlyList<EntityDescriptor> Entities { get; init; }

    /// <summary>Its named operations.</summary>
    public IReadOnlyList<OperationDescriptor> Operations { get; init; } = [];

    /// <summary>Settings of a connection.</summary>
    public IReadOnlyList<SettingDescriptor> Settings { get; init; } = [];

    /// <summary>Secrets of a connection; write-only.</summary>
    public IReadOnlyList<SettingDescriptor> Secrets { get; init; } = [];

    /// <summary>Options its steps may carry (<c>assignmentRule</c>, <c>duplicateRule</c>).</summary>
    public IReadOnlyList<SettingDescriptor> Options { get; init; } = [];

    /// <summary>The time after which the vendor surely shows a new record.</summary>
    public required TimeSpan Settle { get; init; }

    /// <summary>New entities may exist in an org (custom objects): they need <c>requires</c> or metadata.</summary>
    public bool Extensible { get; init; }

    /// <summary>Its connections take the calls of the activity <c>http</c> (<see cref="HttpOperation"/>).</summary>
    public bool TakesHttp { get; init; }

    /// <summary>Finds an entity by name; null when there is none.</summary>
    public EntityDescriptor? Entity(string name) => Entities.FirstOrDefault(e => e.Name == name);
}
