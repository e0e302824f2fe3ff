using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Catalog;

/// <summary>A connection as one flow sees it: the connector's entities with what metadata and <c>requires</c> add.</summary>
internal sealed class ConnectionModel(string name, ConnectorDescriptor connector)
{
    private readonly Dictionary<string, EntityModel> entities = new(StringComparer.Ordinal);

    /// <summary>The flow's own name of it.</summary>
    public string Name { get; } = name;

    public ConnectorDescriptor Connector { get; } = connector;

    public IEnumerable<string> EntityNames => entities.Keys.Union(Connector.Entities.Select(e => e.Name), StringComparer.Ordinal);

    /// <summary>The entities that were asked for.</summary>
    public IReadOnlyList<EntityDescriptor> Used => [.. entities.Values.Select(e => e.Descriptor).OrderBy(e => e.Name, StringComparer.Ordinal)];

    public EntityModel? Entity(string entity)
    {
        if (entities.TryGetValue(entity, out var known)) return known;
        return Connector.Entity(entity) is { } found ? Put(WithChildren(found)) : null;
    }

    /// <summary>Lists of children show what metadata and <c>requires</c> have added to the children.</summary>
    public void FillChildren()
    {
        foreach (var model in entities.Values.ToArray())
        {
            if (WithChildren(model.Descriptor) is var filled && !ReferenceEquals(filled, model.Descriptor)) Put(filled);
        }
    }

    /// <summary>Takes an entity in place of the one known so far.</summary>
    public EntityModel Put(EntityDescriptor entity)
    {
        var model = new EntityModel(this, entity);
        entities[entity.Name] = model;
        return model;
    }

    private EntityDescriptor WithChildren(EntityDescriptor entity) => ChildLists.Fill(entity, child => entities.GetValueOrDefault(child)?.Descriptor ?? Connector.Entity(child));
}
