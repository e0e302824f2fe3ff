using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Hosting;

/// <summary>A connector's entities with the fields that flows add (metadata, <c>requires</c>): what its connections read and write by.</summary>
public static class FlowEntities
{
    public static IReadOnlyList<EntityDescriptor> Of(ConnectorDescriptor connector, IEnumerable<CompiledFlow> flows)
    {
        var entities = connector.Entities.ToDictionary(e => e.Name, StringComparer.Ordinal);
        foreach (var flow in flows)
        {
            foreach (var (logical, own) in flow.Entities)
            {
                if (flow.Connections.GetValueOrDefault(logical) != connector.Name) continue;
                foreach (var entity in own)
                {
                    entities[entity.Name] = entities.TryGetValue(entity.Name, out var known)
                        ? known with { Fields = [.. known.Fields, .. entity.Fields.Where(f => known.Field(f.Name) is null)] }
                        : entity;
                }
            }
        }

        return [.. entities.Values.Select(e => ChildLists.Fill(e, entities.GetValueOrDefault))];
    }
}
