namespace WorkflowEngine.Abstractions;

/// <summary>
/// Fields that are lists of a record's children: <c>Contacts</c> of an account. The list's item names the child's entity, the field's <see cref="FieldDescriptor.Relationship"/> the child's field that
/// points back. They are read only where their fields are named (<c>Contacts.Email</c>), never as part of a whole record, and never written.
/// </summary>
public static class ChildLists
{
    /// <summary>True for such a field.</summary>
    public static bool Is(FieldDescriptor field) => field.Type is { Kind: FieldKind.List, Item: { Kind: FieldKind.Object, Entity: not null } };

    /// <summary>A list whose children's fields are not known yet.</summary>
    /// <param name="name">The list's name.</param>
    /// <param name="entity">The child's entity.</param>
    /// <param name="reference">The child's field that points back.</param>
    public static FieldDescriptor Of(string name, string entity, string reference) =>
        new() { Name = name, Type = FieldType.ListOf(new FieldType { Kind = FieldKind.Object, Entity = entity }), Relationship = reference, Nullable = false };

    /// <summary>The entity with the fields of its lists taken from the children as they are known now.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="child">Finds a child's entity; null where it is not known: that list stays as it is.</param>
    public static EntityDescriptor Fill(EntityDescriptor entity, Func<string, EntityDescriptor?> child)
    {
        if (!entity.Fields.Any(Is)) return entity;
        return entity with
        {
            Fields = [.. entity.Fields.Select(f => Is(f) && child(f.Type.Item!.Entity!) is { } of ? f with { Type = f.Type with { Item = f.Type.Item with { Fields = Members(of) } } } : f)],
        };
    }

    // What a list's rows show: the children's own values, to be read and asked for, not to be written through the parent.
    private static FieldDescriptor[] Members(EntityDescriptor child) =>
    [
        .. child.Fields.Where(f => f.Readable && f.Type.Kind is not (FieldKind.List or FieldKind.Object))
            .Select(f => f with { Creatable = false, Updatable = false, RequiredOnCreate = false, ExternalId = false, Unique = false, Relationship = null, MadeOf = null }),
    ];
}
