using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce;

/// <summary>The entities a connection knows, with paths resolved through relationships.</summary>
internal sealed class OrgSchema
{
    private readonly Dictionary<string, Known> _entities = new(StringComparer.Ordinal);

    public OrgSchema(IEnumerable<EntityDescriptor> entities)
    {
        foreach (var entity in entities) _entities[entity.Name] = new Known(entity);
    }

    /// <summary>The entity; null when nothing is known about it.</summary>
    public EntityDescriptor? Entity(string? name) => name is not null && _entities.TryGetValue(name, out var known) ? known.Entity : null;

    /// <summary>The field of an entity; null when it is not known.</summary>
    public FieldDescriptor? Field(string entity, string name) =>
        _entities.TryGetValue(entity, out var known) ? known.Fields.GetValueOrDefault(name) : null;

    /// <summary>The reference behind a relationship's name (<c>AccountId</c> behind <c>Account</c>); null when it is not known.</summary>
    public FieldDescriptor? Reference(string entity, string relationship) =>
        _entities.TryGetValue(entity, out var known) ? known.References.GetValueOrDefault(relationship) : null;

    /// <summary>The field at the end of a path; null when it is not known.</summary>
    public FieldDescriptor? Resolve(string entity, string path)
    {
        var at = entity;
        var rest = path.AsSpan();
        for (var dot = rest.IndexOf('.'); dot >= 0; dot = rest.IndexOf('.'))
        {
            if (Reference(at, rest[..dot].ToString())?.Type.Entity is not { } parent) return null;
            at = parent;
            rest = rest[(dot + 1)..];
        }

        return Field(at, rest.ToString());
    }

    /// <summary>The name under which a reference's parent is read and written.</summary>
    public string Relationship(string entity, string referenceField)
    {
        if (Field(entity, referenceField)?.Relationship is { } known) return known;
        if (referenceField.EndsWith("__c", StringComparison.Ordinal)) return referenceField[..^1] + "r";
        return referenceField.EndsWith("Id", StringComparison.Ordinal) && referenceField.Length > 2 ? referenceField[..^2] : referenceField;
    }

    private sealed class Known
    {
        public Known(EntityDescriptor entity)
        {
            Entity = entity;
            foreach (var field in entity.Fields)
            {
                Fields[field.Name] = field;
                if (field.Type.Kind != FieldKind.Id) continue;
                if (field.Relationship is { } name) References[name] = field;
                else if (field.Name.EndsWith("__c", StringComparison.Ordinal)) References[field.Name[..^1] + "r"] = field;
            }
        }

        public EntityDescriptor Entity { get; }

        public Dictionary<string, FieldDescriptor> Fields { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, FieldDescriptor> References { get; } = new(StringComparer.Ordinal);
    }
}
