using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce;

/// <summary>One record. Values are text, boolean, decimal, <see cref="DateOnly"/> or <see cref="DateTimeOffset"/>, by API name.</summary>
internal sealed class OrgRecord(ObjectDefinition definition, string id)
{
    public ObjectDefinition Definition => definition;

    public string Id => id;

    public Dictionary<string, object?> Values { get; } = new(StringComparer.Ordinal) { ["Id"] = id };

    public bool IsDeleted { get; set; }

    /// <summary>Reads do not see the record before this instant; writes and unique keys do.</summary>
    public DateTimeOffset VisibleAt { get; set; }

    /// <summary>A checkbox is never empty.</summary>
    public object? this[FieldDefinition field] => field.Name == "IsDeleted" ? IsDeleted
        : Values.GetValueOrDefault(field.Name) ?? (field.Type == "boolean" ? false : null);

    public string? Text(string field) => Values.GetValueOrDefault(field) as string;
}
