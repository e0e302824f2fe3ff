using System.Text.Json.Nodes;

namespace WorkflowEngine.Compilation.Schema;

/// <summary>Small words for pieces of JSON Schema, so that the writers read like the language they describe.</summary>
internal static class SchemaNode
{
    public static JsonObject Text(string? description = null) => Typed("string", description);

    public static JsonObject Boolean(string? description = null) => Typed("boolean", description);

    public static JsonObject Integer(long least, long? most = null, string? description = null)
    {
        var node = Typed("integer", description);
        node["minimum"] = least;
        if (most is { } limit) node["maximum"] = limit;
        return node;
    }

    public static JsonObject Pattern(string pattern, string? description = null)
    {
        var node = Typed("string", description);
        node["pattern"] = pattern;
        return node;
    }

    public static JsonObject OneWord(params string[] words) => new() { ["enum"] = new JsonArray([.. words.Select(w => (JsonNode)w)]) };

    public static JsonObject Ref(string name) => new() { ["$ref"] = $"#/definitions/{name}" };

    public static JsonObject Any(params JsonNode[] options) => new() { ["anyOf"] = new JsonArray([.. options.Select(Free)]) };

    public static JsonObject List(JsonNode item, int least = 0)
    {
        var node = new JsonObject { ["type"] = "array", ["items"] = Free(item) };
        if (least > 0) node["minItems"] = least;
        return node;
    }

    public static JsonObject Lines(JsonNode value, string? description = null)
    {
        var node = Typed("object", description);
        node["additionalProperties"] = Free(value);
        return node;
    }

    /// <summary>An object with these properties and no others; a name that ends with <c>!</c> is required.</summary>
    public static JsonObject Object(string? description, params (string Name, JsonNode Schema)[] properties)
    {
        var node = Typed("object", description);
        var all = new JsonObject();
        var required = new JsonArray();
        foreach (var (name, schema) in properties)
        {
            var plain = name.TrimEnd('!');
            all[plain] = Free(schema);
            if (plain.Length < name.Length) required.Add((JsonNode)plain);
        }

        node["properties"] = all;
        if (required.Count > 0) node["required"] = required;
        node["additionalProperties"] = false;
        return node;
    }

    public static JsonObject Described(JsonObject node, string description)
    {
        node["description"] = description;
        return node;
    }

    // A node of JSON has one parent.
    private static JsonNode Free(JsonNode node) => node.Parent is null ? node : node.DeepClone();

    private static JsonObject Typed(string type, string? description)
    {
        var node = new JsonObject { ["type"] = type };
        if (description is not null) node["description"] = description;
        return node;
    }
}
