namespace WorkflowEngine.Abstractions;

/// <summary>One entity of a connector, as data.</summary>
public sealed record EntityDescriptor
{
    /// <summary>The name flows use: <c>customer</c>, <c>Account</c>.</summary>
    public required string Name { get; init; }

    /// <summary>A title for people; null = the name.</summary>
    public string? Title { get; init; }

    /// <summary>Its fields. Nested objects and child lists are fields of kind object or list.</summary>
    public required IReadOnlyList<FieldDescriptor> Fields { get; init; }

    /// <summary>The field that holds the record's id.</summary>
    public string IdField { get; init; } = "id";

    /// <summary>The field that tells which of two readings of a record is newer; null when the vendor has none.</summary>
    public string? VersionField { get; init; }

    /// <summary>The field that hides rows from reads unless <c>where</c> names it; null when nothing is hidden.</summary>
    public string? ActiveField { get; init; }

    /// <summary>Records can be read by condition.</summary>
    public bool Queryable { get; init; } = true;

    /// <summary>Records can be created.</summary>
    public bool Creatable { get; init; }

    /// <summary>Records can be changed.</summary>
    public bool Updatable { get; init; }

    /// <summary>Records can be deleted.</summary>
    public bool Deletable { get; init; }

    /// <summary>A deleted record is still shown for a while, to who asks for it, and can be restored.</summary>
    public bool Restorable { get; init; }

    /// <summary>Fields unknown to the catalogue may exist (custom fields of an org): they need <c>requires</c> or metadata.</summary>
    public bool Extensible { get; init; }

    /// <summary>Fields naming parents the vendor locks while a child is written: children of one parent go into one call or wait.</summary>
    public IReadOnlyList<string> LockParents { get; init; } = [];

    /// <summary>The changes flows can start from.</summary>
    public IReadOnlyList<EntityEvent> Events { get; init; } = [];

    /// <summary>Finds a field by its vendor's name; null when there is none.</summary>
    public FieldDescriptor? Field(string name)
    {
        foreach (var field in Fields)
        {
            if (field.Name == name) return field;
        }

        return null;
    }
}
