using System.Text.Json;
using WorkflowEngine.Definitions;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Cli;

/// <summary>Gives the simulated org the fields a flow requires.</summary>
internal static class SetUp
{
    public static void Apply(SalesforceSimulator salesforce, FlowDefinition flow)
    {
        foreach (var required in flow.Requires)
        {
            var block = required.Entities.ToDictionary(e => e.Entity.Value, e => e.Fields.ToDictionary(f => f.Name.Value, Field));
            using var json = JsonDocument.Parse(JsonSerializer.Serialize(block));
            salesforce.AddRequired(json.RootElement);
        }
    }

    private static Dictionary<string, object> Field(RequiredField field)
    {
        var result = new Dictionary<string, object> { ["type"] = field.Type.Value };
        if (field.Length is { } length) result["length"] = length.Value;
        if (field.Scale is { } scale) result["scale"] = scale.Value;
        if (field.ExternalId is { } key) result["externalId"] = key.Value;
        if (field.Unique is { } unique) result["unique"] = unique.Value;
        if (field.To is { } to) result["to"] = to.Value;
        if (field.Values.Count > 0) result["values"] = field.Values.Select(v => v.Value).ToArray();
        return result;
    }
}
