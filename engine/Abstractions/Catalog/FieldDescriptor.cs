namespace WorkflowEngine.Abstractions;

/// <summary>One field of an entity, as data: drives checking, schema, documentation and the designer's forms.</summary>
public sealed record FieldDescriptor
{
    /// <summary>The vendor's name.</summary>
    public required string Name { get; init; }

    /// <summary>The type of its values.</summary>
    public required FieldType Type { get; init; }

    /// <summary>A title for people; null = the name.</summary>
    public string? Title { get; init; }

    /// <summary>True when a read record may hold null here.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>False for fields that are only sent.</summary>
    public bool Readable { get; init; } = true;

    /// <summary>May be set when a record is created.</summary>
    public bool Creatable { get; init; }

    /// <summary>May be set on an existing record.</summary>
    public bool Updatable { get; init; }

    /// <summary>Must be set when a record is created.</summary>
    public bool RequiredOnCreate { get; init; }

    /// <summary>A field that, when it is set, makes this one of itself, so that it is not required then (<c>LastName</c> for the <c>Name</c> of a person account); null when there is none.</summary>
    public string? MadeOf { get; init; }

    /// <summary>The vendor can filter by it.</summary>
    public bool Filterable { get; init; }

    /// <summary>How a record is found by it; <see cref="SearchForm.None"/> when it cannot.</summary>
    public SearchForm Search { get; init; }

    /// <summary>An external id: upserts may go by it.</summary>
    public bool ExternalId { get; init; }

    /// <summary>The vendor refuses a second record with the same value.</summary>
    public bool Unique { get; init; }

    /// <summary>For an id: the name under which the parent is read and written (<c>Account</c> of <c>AccountId</c>). For a list of children (<see cref="ChildLists"/>): the child's field that points here. Null when there is none.</summary>
    public string? Relationship { get; init; }

    /// <summary>Redacted in the journal, logs and exports.</summary>
    public bool Sensitive { get; init; }

    /// <summary>The field that says since when this one holds what it holds (<c>LastStageChangeDate</c> of <c>IsWon</c>); null when the vendor does not tell.</summary>
    public string? Since { get; init; }

    /// <summary>Upper and lower case are the same value to the vendor.</summary>
    public bool IgnoreCase { get; init; }
}
