namespace WorkflowEngine.Simulators.Salesforce.Schema;

/// <summary>One field of an object, in the words of describe.</summary>
internal sealed record FieldDefinition
{
    public required string Name { get; init; }

    /// <summary>A describe type: string, textarea, picklist, multipicklist, boolean, double, currency, percent, int, date, datetime, email, phone, url, reference, id, address.</summary>
    public required string Type { get; init; }

    public string Label { get; init; } = "";

    public int Length { get; init; }

    public int Precision { get; init; }

    public int Scale { get; init; }

    public bool Nillable { get; init; } = true;

    public bool Createable { get; init; } = true;

    public bool Updateable { get; init; } = true;

    public object? Default { get; init; }

    public bool DefaultedOnCreate { get; init; }

    public bool ExternalId { get; init; }

    public bool Unique { get; init; }

    public bool CaseSensitive { get; init; }

    public bool IdLookup { get; init; }

    public bool Custom { get; init; }

    public bool NameField { get; init; }

    public bool AutoNumber { get; init; }

    public bool Restricted { get; init; }

    public IReadOnlyList<string> Picklist { get; init; } = [];

    public IReadOnlyList<string> ReferenceTo { get; init; } = [];

    public string? RelationshipName { get; init; }

    /// <summary>The name under which a parent's subquery reaches the rows.</summary>
    public string? ChildRelationship { get; init; }

    public bool CascadeDelete { get; init; }

    /// <summary>The field whose digits this one always holds, as an org's formula would; null for an ordinary field.</summary>
    public string? DigitsOf { get; init; }

    /// <summary>May be set, is never shown.</summary>
    public bool WriteOnly { get; init; }

    /// <summary>The Tooling API's id of a custom field.</summary>
    public string? DurableId { get; init; }

    /// <summary>Whether the reference may point at this object; <c>*</c> stands for every custom one.</summary>
    public bool PointsAt(ObjectDefinition target) =>
        ReferenceTo.Contains(target.Name, StringComparer.OrdinalIgnoreCase) || (target.Custom && ReferenceTo.Contains("*"));

    /// <summary>Invisible until a permission set grants it.</summary>
    public bool NeedsGrant { get; init; }

    public bool IsText => Type is "string" or "textarea" or "picklist" or "multipicklist" or "email" or "phone" or "url";

    public bool IsNumber => Type is "double" or "currency" or "percent" or "int";

    public bool IsId => Type is "id" or "reference";

    /// <summary>Fields whose values are looked up often or have to be unique.</summary>
    public bool Indexed => ExternalId || Unique || IdLookup || Type is "reference" || Name is "Name" or "Phone" or "MobilePhone" or "Email";

    /// <summary>Long text areas cannot stand in a filter.</summary>
    public bool Filterable => Type is not "address" && !(Type is "textarea" && Length > 255);

    /// <summary>Whether two values of this field are one key when they differ in case alone.</summary>
    public bool IgnoresCase => !CaseSensitive && (Unique || !ExternalId);

    public bool RequiredOnCreate => Createable && !Nillable && !DefaultedOnCreate;
}
