using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Hosting;

/// <summary>The template's names of one connection's entities and fields, and what this org calls them.</summary>
public sealed class NameMap
{
    private readonly Dictionary<string, string> _entities = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Entity, string Field), string> _fields = [];
    private readonly Dictionary<(string Entity, string Field), string> _templates = [];
    private readonly Dictionary<string, EntityDescriptor> _known;

    private NameMap(IReadOnlyList<EntityDescriptor> known) => _known = known.ToDictionary(e => e.Name, StringComparer.Ordinal);

    /// <summary>Differs between any two maps: calls of deployments with other names are never joined.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>The org's names of entities, by the template's.</summary>
    public IReadOnlyDictionary<string, string> Entities => _entities;

    /// <summary>The maps of a flow's connections; a name the template does not have is a finding of the deployment, reported by <see cref="Unknown"/>.</summary>
    public static IReadOnlyDictionary<string, NameMap> Of(DeploymentDefinition deployment, CompiledFlow flow)
    {
        var maps = new Dictionary<string, NameMap>(StringComparer.Ordinal);
        foreach (var line in deployment.Names)
        {
            var (connection, entity, field) = Parts(line.From.Value);
            if (!flow.Entities.TryGetValue(connection, out var known) || known.FirstOrDefault(e => e.Name == entity) is not { } descriptor) continue;
            if (!maps.TryGetValue(connection, out var map)) maps[connection] = map = new NameMap(known);
            if (field is null) map._entities[entity] = line.To.Value;
            else map.Add(descriptor, field, line.To.Value);
        }

        foreach (var map in maps.Values) map.Seal();
        return maps;
    }

    /// <summary>Lines that no flow of the template has an entity or field for.</summary>
    public static IEnumerable<NameMapping> Unknown(DeploymentDefinition deployment, IReadOnlyList<CompiledFlow> flows) => deployment.Names.Where(line =>
    {
        var (connection, entity, field) = Parts(line.From.Value);
        return !flows.Any(f => f.Entities.TryGetValue(connection, out var known) && known.FirstOrDefault(e => e.Name == entity) is { } descriptor
            && (field is null || descriptor.Field(field) is not null));
    });

    public string Entity(string template) => _entities.GetValueOrDefault(template, template);

    /// <summary>A path as the org writes it; each part by the names of the entity it is on.</summary>
    public string Path(string entity, string path)
    {
        if (_fields.TryGetValue((entity, path), out var whole)) return whole;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0) return path;
        var head = path[..dot];
        var rest = path[(dot + 1)..];
        return $"{_fields.GetValueOrDefault((entity, head), head)}.{(Other(entity, head) is { } other ? Path(other, rest) : rest)}";
    }

    public IReadOnlyList<string> Paths(string entity, IReadOnlyList<string> paths) => [.. paths.Select(p => Path(entity, p))];

    public Condition Condition(string entity, Condition condition) => condition switch
    {
        FieldCondition field => field with { Path = Path(entity, field.Path) },
        AllOf all => new AllOf([.. all.Parts.Select(p => Condition(entity, p))]),
        AnyOf any => new AnyOf([.. any.Parts.Select(p => Condition(entity, p))]),
        _ => condition,
    };

    /// <summary>A record with the template's names.</summary>
    public IReadOnlyDictionary<string, object?> Row(string entity, IReadOnlyDictionary<string, object?> row)
    {
        var result = new Dictionary<string, object?>(row.Count);
        foreach (var (name, value) in row)
        {
            var known = _templates.GetValueOrDefault((entity, name), name);
            result[known] = (value, Other(entity, known)) switch
            {
                (IReadOnlyDictionary<string, object?> inner, { } other) => Row(other, inner),
                (IReadOnlyList<object?> rows, { } other) => rows.Select(r => r is IReadOnlyDictionary<string, object?> child ? Row(other, child) : r).ToArray(),
                _ => value,
            };
        }

        return result;
    }

    /// <summary>Fields to write, with the org's names.</summary>
    public Dictionary<string, object?> Fields(string entity, IReadOnlyDictionary<string, object?> fields)
    {
        var result = new Dictionary<string, object?>(fields.Count);
        foreach (var (path, value) in fields)
        {
            result[Path(entity, path)] = value is ParentReference parent ? new ParentReference(Entity(parent.Entity), Path(parent.Entity, parent.By), parent.Value) : value;
        }

        return result;
    }

    /// <summary>Rows to write, with the org's names.</summary>
    public WriteBatch Batch(WriteBatch batch) => batch with
    {
        Entity = Entity(batch.Entity), KeyField = batch.KeyField is { } key ? Path(batch.Entity, key) : null,
        Items = [.. batch.Items.Select(i => i with { Fields = Fields(batch.Entity, i.Fields) })],
    };

    /// <summary>The entity as the connector must know it.</summary>
    public EntityDescriptor InOrg(EntityDescriptor entity) => entity with
    {
        Name = Entity(entity.Name),
        IdField = Path(entity.Name, entity.IdField),
        Fields = [.. entity.Fields.Select(f => f with { Name = Path(entity.Name, f.Name), Relationship = f.Relationship is { } way ? Path(ChildLists.Is(f) ? f.Type.Item!.Entity! : entity.Name, way) : null, Type = InOrg(f.Type) })],
        LockParents = Paths(entity.Name, entity.LockParents),
    };

    /// <summary>What the org tells of an entity, with the template's names.</summary>
    public EntityDescriptor InTemplate(string entity, EntityDescriptor described) =>
        described with { Name = entity, Fields = [.. described.Fields.Select(f => f with { Name = _templates.GetValueOrDefault((entity, f.Name), f.Name) })] };

    private static (string Connection, string Entity, string? Field) Parts(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var entity = name[(slash + 1)..];
        var dot = entity.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (name[..Math.Max(slash, 0)], entity, null) : (name[..Math.Max(slash, 0)], entity[..dot], entity[(dot + 1)..]);
    }

    private FieldType InOrg(FieldType type) => type.Entity is { } of ? type with { Entity = Entity(of), Fields = [.. type.Fields.Select(f => f with { Name = Path(of, f.Name) })] } : type.Item is { } item ? type with { Item = InOrg(item) } : type;

    private void Add(EntityDescriptor entity, string field, string org)
    {
        _fields[(entity.Name, field)] = org;
        _templates[(entity.Name, org)] = field;

        // The way to the parent is called after the field: Job__c and Job__r.
        const string custom = "__c";
        if (entity.Field(field)?.Relationship is not { } way || !org.EndsWith(custom, StringComparison.Ordinal)) return;
        var there = org[..^custom.Length] + "__r";
        _fields[(entity.Name, way)] = there;
        _templates[(entity.Name, there)] = way;
    }

    /// <summary>The entity a way leads to: that of a parent, or of a list of children.</summary>
    private string? Other(string entity, string way)
    {
        if (!_known.TryGetValue(entity, out var descriptor)) return null;
        if (descriptor.Field(way) is { } list && ChildLists.Is(list)) return list.Type.Item!.Entity;
        return descriptor.Fields.FirstOrDefault(f => f.Relationship == way && !ChildLists.Is(f))?.Type.Entity;
    }

    private void Seal()
    {
        var text = string.Join('\n', _entities.Select(e => $"{e.Key}={e.Value}").Concat(_fields.Select(f => $"{f.Key.Entity}.{f.Key.Field}={f.Value}")).Order(StringComparer.Ordinal));
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }
}
