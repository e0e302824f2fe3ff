namespace WorkflowEngine.Abstractions;

/// <summary>The type of a field, of a parameter or of a value inside a list or object.</summary>
public sealed record FieldType
{
    /// <summary>The kind of value.</summary>
    public required FieldKind Kind { get; init; }

    /// <summary>Longest text in UTF-16 units; null when unbounded.</summary>
    public int? Length { get; init; }

    /// <summary>Digits after the decimal point; null when not bounded.</summary>
    public int? Scale { get; init; }

    /// <summary>The allowed texts of a choice; null when they are not known.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>True when the vendor also takes texts outside <see cref="Choices"/>.</summary>
    public bool OpenChoices { get; init; }

    /// <summary>For an id: the entity it points at, within the same connector. Several possible targets: null.</summary>
    public string? Entity { get; init; }

    /// <summary>For a list: the type of its items.</summary>
    public FieldType? Item { get; init; }

    /// <summary>For an object: its fields.</summary>
    public IReadOnlyList<FieldDescriptor> Fields { get; init; } = [];

    /// <summary>For an object: also names outside <see cref="Fields"/> may be read and written, as nullable text (custom fields, external data).</summary>
    public bool OpenFields { get; init; }

    /// <summary>For an id: a JSON number on the wire (ids are text in the engine).</summary>
    public bool NumberOnWire { get; init; }

    /// <summary>For a decimal: a JSON string on the wire.</summary>
    public bool TextOnWire { get; init; }

    /// <summary>A type without further properties.</summary>
    public static FieldType Of(FieldKind kind) => new() { Kind = kind };

    /// <summary>A list.</summary>
    public static FieldType ListOf(FieldType item) => new() { Kind = FieldKind.List, Item = item };

    /// <summary>The id of an entity.</summary>
    public static FieldType IdOf(string? entity) => new() { Kind = FieldKind.Id, Entity = entity };
}
