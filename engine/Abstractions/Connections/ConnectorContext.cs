namespace WorkflowEngine.Abstractions;

/// <summary>What the engine lends a connection.</summary>
public sealed record ConnectorContext
{
    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>The budget every remote call passes.</summary>
    public required ICallGate Gate { get; init; }

    /// <summary>The connector's entities with the fields added by metadata and <c>requires</c>; the connection reads and writes by these types. Empty = the connector's own.</summary>
    public IReadOnlyList<EntityDescriptor> Entities { get; init; } = [];

    /// <summary>A seed for jitter; the same seed gives the same waits.</summary>
    public int Seed { get; init; }
}
