using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>Fields that are other fields put together.</summary>
internal static class CompoundFields
{
    /// <summary>A compound address, read only; its parts share the prefix.</summary>
    public static IReadOnlyList<(string Name, object? Value)>? Address(OrgRecord record, FieldDefinition field)
    {
        var prefix = field.Name[..^"Address".Length];
        var parts = new (string Name, object? Value)[]
        {
            ("city", record.Values.GetValueOrDefault($"{prefix}City")), ("country", record.Values.GetValueOrDefault($"{prefix}Country")),
            ("geocodeAccuracy", null), ("latitude", null), ("longitude", null),
            ("postalCode", record.Values.GetValueOrDefault($"{prefix}PostalCode")), ("state", record.Values.GetValueOrDefault($"{prefix}State")),
            ("street", record.Values.GetValueOrDefault($"{prefix}Street")),
        };
        return parts.All(p => p.Value is null) ? null : parts;
    }
}
