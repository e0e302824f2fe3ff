using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Catalog;

/// <summary>Walks dotted paths through objects, child lists, open objects and parents.</summary>
internal static class FieldPaths
{
    public static ResolvedField? Resolve(EntityModel entity, string path)
    {
        if (entity.Descriptor.Field(path) is { } own) return new ResolvedField { Entity = entity, Path = path, Field = own };
        var (first, rest) = Split(path);
        if (rest is null) return null;
        if (entity.Descriptor.Field(first) is { } field && Inside(field, rest) is { } inner)
        {
            return new ResolvedField { Entity = entity, Path = path, Field = inner.Field, ThroughList = inner.ThroughList };
        }

        return entity.Relationships.TryGetValue(first, out var reference) && entity.Parent(reference) is { } parent && !IsOfChildren(parent, rest) && parent.Resolve(rest) is { } above
            ? above with { Entity = entity, Path = path, ThroughParent = true }
            : null;
    }

    public static IReadOnlyList<string> Near(EntityModel entity, string path)
    {
        var (first, rest) = Split(path);
        if (rest is not null)
        {
            if (entity.Descriptor.Field(first) is { } field && Members(field.Type) is { Count: > 0 } members)
            {
                return [.. members.Select(m => $"{first}.{m.Name}")];
            }

            if (entity.Relationships.TryGetValue(first, out var reference) && entity.Parent(reference) is { } parent)
            {
                return [.. parent.Near(rest).Select(n => $"{first}.{n}")];
            }
        }

        var names = new List<string>(entity.Descriptor.Fields.Select(f => f.Name));
        foreach (var field in entity.Descriptor.Fields)
        {
            names.AddRange(Members(field.Type).Select(m => $"{field.Name}.{m.Name}"));
        }

        return names;
    }

    // The children of a parent are not read along with it.
    private static bool IsOfChildren(EntityModel parent, string path) => parent.Descriptor.Field(Split(path).First) is { } field && ChildLists.Is(field);

    private static (FieldDescriptor Field, bool ThroughList)? Inside(FieldDescriptor field, string path)
    {
        var list = field.Type.Kind == FieldKind.List;
        var type = list ? field.Type.Item : field.Type;
        if (type is not { Kind: FieldKind.Object }) return null;
        if (type.Fields.FirstOrDefault(f => f.Name == path) is { } own) return (Reached(own, field), list);
        var (first, rest) = Split(path);
        if (rest is not null && type.Fields.FirstOrDefault(f => f.Name == first) is { } next && Inside(Reached(next, field), rest) is { } inner)
        {
            return (inner.Field, inner.ThroughList || list);
        }

        return type.OpenFields ? (Open(field, path), list) : null;
    }

    // A member can be asked for and written only as far as the whole can where the member itself says nothing more.
    private static FieldDescriptor Reached(FieldDescriptor member, FieldDescriptor whole) => member with
    {
        Readable = member.Readable && whole.Readable,
        Creatable = member.Creatable || whole.Creatable,
        Updatable = member.Updatable || whole.Updatable,
        Nullable = member.Nullable || whole.Nullable,
    };

    private static FieldDescriptor Open(FieldDescriptor whole, string name) => new()
    {
        Name = name,
        Type = FieldType.Of(FieldKind.Text),
        Nullable = true,
        Readable = whole.Readable,
        Creatable = whole.Creatable,
        Updatable = whole.Updatable,
        Filterable = whole.Filterable,
        Search = whole.Search,
        Sensitive = whole.Sensitive,
    };

    private static IReadOnlyList<FieldDescriptor> Members(FieldType type) =>
        type.Kind == FieldKind.List ? type.Item is { } item ? Members(item) : [] : type.Kind == FieldKind.Object ? type.Fields : [];

    private static (string First, string? Below) Split(string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot <= 0 || dot == path.Length - 1 ? (path, null) : (path[..dot], path[(dot + 1)..]);
    }
}
