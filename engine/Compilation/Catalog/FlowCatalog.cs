using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Catalog;

/// <summary>What one flow knows of the outside: its connections with their entities.</summary>
internal sealed class FlowCatalog
{
    private readonly Dictionary<string, ConnectionModel?> connections = new(StringComparer.Ordinal);

    private FlowCatalog()
    {
    }

    /// <summary>Names of the connections the flow declares, those of an unknown connector as well.</summary>
    public IReadOnlyCollection<string> Names => connections.Keys;

    public IEnumerable<ConnectionModel> Connections => connections.Values.OfType<ConnectionModel>();

    public static FlowCatalog Build(CompileContext context, FlowDefinition flow, DiagnosticBag problems)
    {
        var catalog = new FlowCatalog();
        var installed = context.Catalog.Select(c => c.Name).ToArray();
        foreach (var declared in flow.Connections.Concat(context.Template?.Connections ?? []))
        {
            if (catalog.connections.ContainsKey(declared.Name.Value)) continue;
            var connector = context.Catalog.FirstOrDefault(c => c.Name == declared.Connector.Value);
            if (connector is null)
            {
                problems.Add(BindingDiagnostics.UnknownConnector(declared.Connector.Span, declared.Connector.Value, installed));
            }

            catalog.connections[declared.Name.Value] = connector is null ? null : new ConnectionModel(declared.Name.Value, connector);
        }

        foreach (var metadata in context.Metadata)
        {
            foreach (var connection in catalog.Connections.Where(c => c.Connector.Name == metadata.Connector.Value))
            {
                MetadataMerge.Apply(connection, metadata);
            }
        }

        RequiresMerge.Apply(catalog, (context.Template?.Requires ?? []).Concat(flow.Requires), problems);
        foreach (var connection in catalog.Connections) connection.FillChildren();
        return catalog;
    }

    /// <summary>The connection of this name; reports one that is not declared. Null also for one whose connector is unknown, which is reported at its declaration.</summary>
    public ConnectionModel? Connection(Located<string> name, DiagnosticBag problems)
    {
        if (connections.TryGetValue(name.Value, out var connection)) return connection;
        problems.Add(BindingDiagnostics.UnknownConnection(name.Span, name.Value, [.. connections.Keys]));
        return null;
    }

    /// <summary>The entity a reference names; reports what is unknown.</summary>
    public EntityModel? Entity(EntityReference reference, DiagnosticBag problems)
    {
        if (Connection(reference.Connection, problems) is not { } connection) return null;
        if (connection.Entity(reference.Entity.Value) is { } entity) return entity;
        problems.Add(BindingDiagnostics.UnknownEntity(
            reference.Entity.Span, connection.Name, reference.Entity.Value, [.. connection.EntityNames], connection.Connector.Extensible));
        return null;
    }

    /// <summary>The entity of a full name (<c>salesforce/Account</c>), for types that carry only the name.</summary>
    public EntityModel? Find(string fullName)
    {
        var slash = fullName.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && connections.GetValueOrDefault(fullName[..slash]) is { } connection ? connection.Entity(fullName[(slash + 1)..]) : null;
    }
}
