using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce;

/// <summary>The entities a connection knows, with paths resolved through relationships.</summary>
internal sealed class OrgSchema
{
    private readonly Dictionary<string, Known> _entities = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string> _phoneFields;

    /// <param name="entities">The entities.</param>
    /// <param name="phoneFields">Fields in which the org keeps the digits of a phone field, by that field (<c>Contact.Phone</c>); null = none.</param>
    public OrgSchema(IEnumerable<EntityDescriptor> entities, IReadOnlyDictionary<string, string>? phoneFields = null)
    {
        _phoneFields = phoneFields ?? new Dictionary<string, string>();
        foreach (var entity in entities) _entities[entity.Name] = new Known(entity);
        // A child that nobody reads by itself is known by what its parent's list shows.
        foreach (var list in _entities.Values.SelectMany(e => e.Children.Values).ToArray())
        {
            if (!_entities.ContainsKey(list.Entity)) _entities[list.Entity] = new Known(new EntityDescriptor { Name = list.Entity, Fields = list.Fields });
        }
    }

    /// <summary>The entity; null when nothing is known about it.</summary>
    public EntityDescriptor? Entity(string? name) => name is not null && _entities.TryGetValue(name, out var known) ? known.Entity : null;

    /// <summary>The field of an entity; null when it is not known.</summary>
    public FieldDescriptor? Field(string entity, string name) =>
        _entities.TryGetValue(entity, out var known) ? known.Fields.GetValueOrDefault(name) : null;

    /// <summary>The reference behind a relationship's name (<c>AccountId</c> behind <c>Account</c>); null when it is not known.</summary>
    public FieldDescriptor? Reference(string entity, string relationship) =>
        _entities.TryGetValue(entity, out var known) ? known.References.GetValueOrDefault(relationship) : null;

    /// <summary>The list of children a path begins with (<c>Contacts.Email</c> of an account); null when it begins with none.</summary>
    public ChildList? Children(string entity, string path) =>
        _entities.TryGetValue(entity, out var known) && known.Children.Count > 0 ? known.Children.GetValueOrDefault(path.IndexOf('.') is var dot && dot < 0 ? path : path[..dot]) : null;

    /// <summary>The field at the end of a path; null when it is not known.</summary>
    public FieldDescriptor? Resolve(string entity, string path) => End(entity, path) is var (owner, name) && owner is not null ? Field(owner, name) : null;

    /// <summary>The path of the field in which the org keeps the digits of the phone field at the end of this path; null where it keeps none.</summary>
    public string? PhoneField(string entity, string path) =>
        _phoneFields.Count > 0 && End(entity, path) is var (owner, name) && owner is not null && _phoneFields.TryGetValue($"{owner}.{name}", out var kept) ? path[..^name.Length] + kept : null;

    /// <summary>The object a path ends on and its field there; no object where the way is not known.</summary>
    private (string? Entity, string Field) End(string entity, string path)
    {
        var at = entity;
        var rest = path.AsSpan();
        if (Children(entity, path) is { } list)
        {
            if (list.Name.Length == path.Length) return (null, path);
            at = list.Entity;
            rest = rest[(list.Name.Length + 1)..];
        }

        for (var dot = rest.IndexOf('.'); dot >= 0; dot = rest.IndexOf('.'))
        {
            if (Reference(at, rest[..dot].ToString())?.Type.Entity is not { } parent) return (null, path);
            at = parent;
            rest = rest[(dot + 1)..];
        }

        return (at, rest.ToString());
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
                if (ChildLists.Is(field) && field.Relationship is { } reference) Children[field.Name] = new ChildList(field.Name, field.Type.Item!.Entity!, reference, field.Type.Item.Fields);
                Fields[field.Name] = field;
                if (field.Type.Kind != FieldKind.Id) continue;
                if (field.Relationship is { } name) References[name] = field;
                else if (field.Name.EndsWith("__c", StringComparison.Ordinal)) References[field.Name[..^1] + "r"] = field;
            }
        }

        public EntityDescriptor Entity { get; }

        public Dictionary<string, FieldDescriptor> Fields { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, ChildList> Children { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, FieldDescriptor> References { get; } = new(StringComparer.Ordinal);
    }
}
