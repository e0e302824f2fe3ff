using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>Fields the platform fills itself from others.</summary>
internal static class DerivedFields
{
    private static readonly Dictionary<string, decimal> Probabilities = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Prospecting"] = 10, ["Qualification"] = 10, ["Needs Analysis"] = 20, ["Value Proposition"] = 50, ["Id. Decision Makers"] = 60,
        ["Perception Analysis"] = 70, ["Proposal/Price Quote"] = 75, ["Negotiation/Review"] = 90, ["Closed Won"] = 100, ["Closed Lost"] = 0,
    };

    public static void Set(OrgState state, ObjectDefinition definition, OrgRecord? existing, Dictionary<string, object?> values)
    {
        switch (definition.Name)
        {
            case "Contact" or "User":
                var parts = new[] { Text("FirstName"), Text("MiddleName"), Text("LastName"), Text("Suffix") };
                values["Name"] = string.Join(' ', parts.Where(p => p is not null));
                break;
            case "Opportunity" when values.ContainsKey("StageName") || existing is null:
                var stage = Text("StageName") ?? "";
                values["IsWon"] = stage.Equals("Closed Won", StringComparison.OrdinalIgnoreCase);
                values["IsClosed"] = stage.StartsWith("Closed", StringComparison.OrdinalIgnoreCase);
                values.TryAdd("Probability", Probabilities.GetValueOrDefault(stage));
                values.TryAdd("HasOpportunityLineItem", false);
                break;
            case "Case":
                values["IsClosed"] = "Closed".Equals(Text("Status"), StringComparison.OrdinalIgnoreCase);
                if (existing is null)
                {
                    values["CaseNumber"] = (state.All(definition).Count + 1_001).ToString("00000000", System.Globalization.CultureInfo.InvariantCulture);
                    if (values.GetValueOrDefault("AccountId") is null && values.GetValueOrDefault("ContactId") is string contact)
                    {
                        values["AccountId"] = state.Find(contact)?.Text("AccountId");
                    }
                }

                break;
        }

        string? Text(string field) => values.TryGetValue(field, out var v) ? v as string : existing?.Text(field);
    }

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
