using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>A connection bound to a deployment: opened, its realm known.</summary>
public sealed record BoundConnection
{
    /// <summary>The connection's name in its workspace.</summary>
    public required string Name { get; init; }

    public required string Workspace { get; init; }

    public required string Realm { get; init; }

    /// <summary>Tells it from connections of the same name in other workspaces: rows of two workspaces never share a call.</summary>
    public string Identity => Workspace + "/" + Name;

    public required ConnectorDescriptor Descriptor { get; init; }

    public required IConnection Connection { get; init; }

    /// <summary>The time after which the vendor surely shows a new record.</summary>
    public required TimeSpan Settle { get; init; }
}
