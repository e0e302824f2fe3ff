using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>ServiceTitan's catalogue: <c>Catalog/*.json</c>, read once.</summary>
public static class ServiceTitanCatalog
{
    private static readonly Lazy<ConnectorCatalog> Loaded = new(() => ConnectorCatalog.Load(typeof(ServiceTitanCatalog).Assembly));

    /// <summary>Entities, operations and settings; for the compiler, the schema and the designer.</summary>
    public static ConnectorDescriptor Descriptor => Loaded.Value.Descriptor;

    /// <summary>The entity files, with the connector's own part.</summary>
    internal static IReadOnlyDictionary<string, EntityDocument> Entities => Loaded.Value.Entities;
}
