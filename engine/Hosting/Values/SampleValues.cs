using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>JSON that a person gave as an example, brought to the types of the catalogue where they fit.</summary>
public static class SampleValues
{
    /// <summary>A value of a type; what does not fit stays as the JSON says, so that the expression shows what is wrong with it.</summary>
    public static object? Of(FieldType? type, JsonElement json)
    {
        switch (type?.Kind, json.ValueKind)
        {
            case (FieldKind.Object, JsonValueKind.Object):
                var record = new Dictionary<string, object?>();
                foreach (var property in json.EnumerateObject()) record[property.Name] = Of(TypeOf(type.Fields, property.Name), property.Value);
                return record;
            case (FieldKind.List, JsonValueKind.Array):
                return json.EnumerateArray().Select(item => Of(type.Item, item)).ToList();
            default:
                var value = Payload.OfJson(json);
                return type is not null && FieldValues.TryConvert(type, value, out var converted, out _) ? converted : value;
        }
    }

    /// <summary>A record of an entity as a type.</summary>
    public static FieldType TypeOf(EntityDescriptor entity) => new() { Kind = FieldKind.Object, Fields = entity.Fields, OpenFields = true };

    private static FieldType? TypeOf(IReadOnlyList<FieldDescriptor> fields, string name)
    {
        foreach (var field in fields)
        {
            if (field.Name == name) return field.Type;
        }

        return null;
    }
}
