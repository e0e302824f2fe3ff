using System.Text.Json;
using WorkflowEngine.Definitions;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.FlowTesting;

/// <summary>Gives a simulated org the objects and fields that a flow requires, as an administrator would.</summary>
public static class OrgFields
{
    /// <summary>What is there already is left alone.</summary>
    /// <param name="org">The org.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="names">The org's own names by the template's (<c>Entity</c>, <c>Entity.Field</c>); null = the template's.</param>
    public static void Apply(SalesforceSimulator org, FlowDefinition flow, IReadOnlyDictionary<string, string>? names = null)
    {
        ArgumentNullException.ThrowIfNull(org);
        ArgumentNullException.ThrowIfNull(flow);
        foreach (var required in flow.Requires)
        {
            var block = required.Entities.ToDictionary(
                e => names?.GetValueOrDefault(e.Entity.Value) ?? e.Entity.Value,
                e => e.Fields.Where(f => IsCustom(f.Name.Value)).ToDictionary(f => names?.GetValueOrDefault($"{e.Entity.Value}.{f.Name.Value}") ?? f.Name.Value, f => Field(f, names)));
            using var json = JsonDocument.Parse(JsonSerializer.Serialize(block));
            org.AddRequired(json.RootElement);
        }
    }

    /// <summary>An administrator can make custom fields; a standard one is there or not, and one of person accounts comes with the Contact's.</summary>
    private static bool IsCustom(string field) => field.EndsWith("__c", StringComparison.Ordinal);

    private static Dictionary<string, object> Field(RequiredField field, IReadOnlyDictionary<string, string>? names)
    {
        var result = new Dictionary<string, object> { ["type"] = field.Type.Value };
        if (field.Length is { } length) result["length"] = length.Value;
        if (field.Scale is { } scale) result["scale"] = scale.Value;
        if (field.ExternalId is { } key) result["externalId"] = key.Value;
        if (field.Unique is { } unique) result["unique"] = unique.Value;
        if (field.To is { } to) result["to"] = names?.GetValueOrDefault(to.Value) ?? to.Value;
        if (field.Values.Count > 0) result["values"] = field.Values.Select(v => v.Value).ToArray();
        return result;
    }
}
