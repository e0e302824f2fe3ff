using System.Reflection;
using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>A connector's catalogue: <c>connector.json</c> and one file per entity, embedded in the connector's assembly. The form is described in connectors/README.md.</summary>
/// <param name="Descriptor">What the engine sees.</param>
/// <param name="Entities">The entity files by entity name.</param>
public sealed record ConnectorCatalog(ConnectorDescriptor Descriptor, IReadOnlyDictionary<string, EntityDocument> Entities)
{
    /// <summary>Reads all embedded resources below a folder. A mistake in them is ours: it throws and names the file.</summary>
    /// <param name="assembly">The connector's assembly.</param>
    /// <param name="folder">The logical name's beginning, such as <c>Catalog/</c>.</param>
    public static ConnectorCatalog Load(Assembly assembly, string folder = "Catalog/")
    {
        JsonElement? head = null;
        var entities = new SortedDictionary<string, EntityDocument>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(folder, StringComparison.Ordinal) && n.EndsWith(".json", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            try
            {
                using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
                if (name == folder + "connector.json")
                {
                    head = document.RootElement.Clone();
                }
                else
                {
                    var entity = CatalogReader.ReadEntity(document.RootElement.Clone());
                    entities.Add(entity.Entity.Name, entity);
                }
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
            {
                throw new InvalidOperationException($"{name}: {e.Message}", e);
            }
        }

        var read = entities.Values.ToDictionary(e => e.Entity.Name, e => e.Entity, StringComparer.Ordinal);
        foreach (var (name, document) in entities.ToArray()) entities[name] = document with { Entity = ChildLists.Fill(document.Entity, child => read.GetValueOrDefault(child) ?? throw new InvalidOperationException($"{name}: no entity '{child}'")) };
        var connector = CatalogReader.ReadConnector(head ?? throw new InvalidOperationException($"{assembly.GetName().Name} has no {folder}connector.json"), entities.Values);
        return new ConnectorCatalog(connector, entities);
    }
}
