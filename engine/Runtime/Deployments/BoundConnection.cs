using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>A connection bound to a deployment: opened, its realm known.</summary>
public sealed record BoundConnection
{
    /// <summary>The connection's name in its workspace.</summary>
    public required string Name { get; init; }

    public required string Workspace { get; init; }

    public required string Realm { get; init; }

    /// <summary>Tells it from connections of the same name in other workspaces: rows of two workspaces, or of flows with other names for the same things, never share a call.</summary>
    public string Identity => NamesHash.Length == 0 ? Workspace + "/" + Name : $"{Workspace}/{Name}~{NamesHash}";

    /// <summary>What the org calls entities that the flow calls otherwise, by the flow's name.</summary>
    public IReadOnlyDictionary<string, string> OrgNames { get; init; } = new Dictionary<string, string>();

    /// <summary>Tells apart flows that call the same things otherwise: their calls are never joined. Empty = the org's own names.</summary>
    public string NamesHash { get; init; } = "";

    /// <summary>Binds another connection as this one is bound, with the same names; null = as it is.</summary>
    public Func<BoundConnection, BoundConnection>? Rebind { get; init; }

    /// <summary>The org's name of an entity: links, effects and write targets hang on it.</summary>
    public string OrgName(string entity) => OrgNames.GetValueOrDefault(entity, entity);

    public required ConnectorDescriptor Descriptor { get; init; }

    public required IConnection Connection { get; init; }

    /// <summary>The time after which the vendor surely shows a new record.</summary>
    public required TimeSpan Settle { get; init; }
}
