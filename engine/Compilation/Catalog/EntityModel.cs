using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Catalog;

/// <summary>An entity of a connection, and the way from a written path to its field.</summary>
internal sealed class EntityModel(ConnectionModel connection, EntityDescriptor descriptor)
{
    private readonly Dictionary<string, ResolvedField?> resolved = new(StringComparer.Ordinal);
    private Dictionary<string, FieldDescriptor>? relationships;

    public ConnectionModel Connection { get; } = connection;

    public EntityDescriptor Descriptor { get; } = descriptor;

    public string Name => Descriptor.Name;

    /// <summary>As flows write it: <c>salesforce/Account</c>.</summary>
    public string FullName => $"{Connection.Name}/{Descriptor.Name}";

    /// <summary>Fields that name a parent, by the relationship's name.</summary>
    public IReadOnlyDictionary<string, FieldDescriptor> Relationships =>
        relationships ??= Descriptor.Fields.Where(f => f.Relationship is not null && f.Type.Entity is not null)
            .GroupBy(f => f.Relationship!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);

    /// <summary>The parent entity behind a relationship; null when the connector has no such entity.</summary>
    public EntityModel? Parent(FieldDescriptor field) => field.Type.Entity is { } name ? Connection.Entity(name) : null;

    /// <summary>Finds the field of a path such as <c>address.zip</c>, <c>custom.Gate code</c>, <c>contacts.value</c>, <c>job.id</c> or <c>Account.OwnerId</c>.</summary>
    public ResolvedField? Resolve(string path)
    {
        if (!resolved.TryGetValue(path, out var field))
        {
            field = FieldPaths.Resolve(this, path);
            resolved[path] = field;
        }

        return field;
    }

    /// <summary>Names to suggest for a path that does not resolve: those at the level where it goes wrong.</summary>
    public IReadOnlyList<string> Near(string path) => FieldPaths.Near(this, path);
}
