using System.Globalization;
using System.Text.Json.Nodes;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting;

/// <summary>A record of a test as the JSON its vendor's people would enter: each value by the type of its field.</summary>
internal static class VendorJson
{
    public static JsonObject Of(ObjectValue record, IReadOnlyList<FieldDescriptor> fields)
    {
        var result = new JsonObject();
        foreach (var line in record.Lines)
        {
            var path = line.Name.Value.Split('.', 2);
            var field = Find(fields, path[0]);
            if (path.Length == 1)
            {
                result[path[0]] = Of(line.Value, field?.Type);
                continue;
            }

            // A dotted line is a part of an object: address.zip, external.sfAccountId.
            if (result[path[0]] is not JsonObject part) result[path[0]] = part = [];
            part[path[1]] = Of(line.Value, Find(field?.Type.Fields ?? [], path[1])?.Type);
        }

        return result;
    }

    public static JsonNode? Of(ValueDefinition value, FieldType? type) => value switch
    {
        LiteralValue literal => Scalar(literal, type),
        ListValue list => new JsonArray([.. list.Items.Select(i => Of(i, type?.Item))]),
        ObjectValue record => Of(record, type?.Fields ?? []),
        _ => null,
    };

    private static JsonNode Scalar(LiteralValue literal, FieldType? type)
    {
        var text = literal.Text;
        switch (type?.Kind)
        {
            case FieldKind.Id:
                return type.NumberOnWire && long.TryParse(text, CultureInfo.InvariantCulture, out var id) ? JsonValue.Create(id) : JsonValue.Create(text);
            case FieldKind.Integer or FieldKind.Number or FieldKind.Decimal:
                return Number(text) ?? JsonValue.Create(text);
            case FieldKind.Boolean:
                return text is "true" or "false" ? JsonValue.Create(text == "true") : JsonValue.Create(text);
            case null or FieldKind.Object or FieldKind.List:
                return literal.Kind switch
                {
                    LiteralKind.Number => Number(text) ?? JsonValue.Create(text),
                    LiteralKind.Boolean => JsonValue.Create(literal.IsTrue),
                    _ => JsonValue.Create(text),
                };
            default:
                return JsonValue.Create(text);
        }
    }

    private static JsonNode? Number(string text) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? JsonNode.Parse(text) : null;

    private static FieldDescriptor? Find(IReadOnlyList<FieldDescriptor> fields, string name) => fields.FirstOrDefault(f => f.Name == name);
}
