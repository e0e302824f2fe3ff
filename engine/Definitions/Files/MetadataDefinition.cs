namespace WorkflowEngine.Definitions;

/// <summary><c>*.metadata.json</c>: what an org has beyond the catalogue, for checking where it cannot be asked.</summary>
public sealed record MetadataDefinition
{
    public required SourceText Source { get; init; }

    public required SourceSpan Span { get; init; }

    public required Located<string> Connector { get; init; }

    /// <summary>When the org was read, as written; null for a file made by hand.</summary>
    public Located<string>? Taken { get; init; }

    public IReadOnlyList<MetadataEntity> Entities { get; init; } = [];
}

/// <summary>Fields are added to those of the catalogue; a field of the same name replaces it.</summary>
public sealed record MetadataEntity(SourceSpan Span, Located<string> Name, Located<string>? Label, IReadOnlyList<MetadataField> Fields);

/// <summary>A field of an org; null parts are unknown and not checked.</summary>
public sealed record MetadataField
{
    public required SourceSpan Span { get; init; }

    public required Located<string> Name { get; init; }

    /// <summary>As in requires: text, longText, integer, number, currency, boolean, date, instant, picklist, reference, url, email, phone; also id, and children for a list of them.</summary>
    public required Located<string> Type { get; init; }

    public Located<string>? Label { get; init; }

    public Located<long>? Length { get; init; }

    public Located<long>? Precision { get; init; }

    public Located<long>? Scale { get; init; }

    public Located<bool>? ExternalId { get; init; }

    public Located<bool>? Unique { get; init; }

    /// <summary>Must be given on create.</summary>
    public Located<bool>? Required { get; init; }

    public Located<bool>? Creatable { get; init; }

    public Located<bool>? Updatable { get; init; }

    public Located<bool>? Filterable { get; init; }

    public Located<bool>? Nullable { get; init; }

    /// <summary>Of a list of children: their field that points here.</summary>
    public Located<string>? Field { get; init; }

    /// <summary>The entities a reference may point to; of a list, what its children are.</summary>
    public IReadOnlyList<Located<string>> To { get; init; } = [];

    public IReadOnlyList<Located<string>> Values { get; init; } = [];

    /// <summary>Whether only the listed values are taken.</summary>
    public Located<bool>? Restricted { get; init; }
}
