using System.Globalization;
using System.Text.Json;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

/// <summary>As much of OpenAPI as the vendor's documents use to describe answers.</summary>
public sealed class OpenApiDocument(JsonElement root)
{
    public static OpenApiDocument Load(string path) => new(JsonDocument.Parse(File.ReadAllBytes(path)).RootElement);

    /// <summary>What is wrong with an answer to this operation; empty when it is valid.</summary>
    public IReadOnlyList<string> Problems(string path, string method, int status, JsonElement answer)
    {
        var schema = root.GetProperty("paths").GetProperty(path).GetProperty(method).GetProperty("responses")
            .GetProperty(status.ToString(CultureInfo.InvariantCulture)).GetProperty("content").GetProperty("application/json").GetProperty("schema");
        List<string> problems = [];
        Check(schema, answer, "$", false, problems);
        return problems;
    }

    private void Check(JsonElement schema, JsonElement value, string at, bool nullable, List<string> problems)
    {
        nullable |= schema.TryGetProperty("nullable", out var n) && n.GetBoolean();
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(root.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]), value, at, nullable, problems);
            return;
        }

        if (schema.TryGetProperty("oneOf", out var one))
        {
            Check(Assert.Single(one.EnumerateArray()), value, at, nullable, problems);
            return;
        }

        if (value.ValueKind is JsonValueKind.Null)
        {
            if (!nullable)
            {
                problems.Add($"{at} is null");
            }

            return;
        }

        var type = schema.TryGetProperty("type", out var t) ? t.GetString() : null;
        if (type is not null && !IsOf(type, value))
        {
            problems.Add($"{at} is no {type}");
            return;
        }

        if (schema.TryGetProperty("enum", out var names) && !names.EnumerateArray().Any(e => e.GetString() == value.GetString()))
        {
            problems.Add($"{at} is not one of the names");
        }

        if (schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" && !value.TryGetDateTimeOffset(out _))
        {
            problems.Add($"{at} is no date-time");
        }

        if (type == "array")
        {
            foreach (var (item, i) in value.EnumerateArray().Select((e, i) => (e, i)))
            {
                Check(schema.GetProperty("items"), item, $"{at}[{i}]", false, problems);
            }
        }
        else if (type == "object")
        {
            CheckObject(schema, value, at, problems);
        }
    }

    private void CheckObject(JsonElement schema, JsonElement value, string at, List<string> problems)
    {
        var properties = schema.TryGetProperty("properties", out var p) ? p : default;
        if (schema.TryGetProperty("required", out var required))
        {
            problems.AddRange(required.EnumerateArray().Where(r => !value.TryGetProperty(r.GetString()!, out _)).Select(r => $"{at}.{r} is missing"));
        }

        var closed = schema.TryGetProperty("additionalProperties", out var more) && more.ValueKind is JsonValueKind.False;
        foreach (var property in value.EnumerateObject())
        {
            if (properties.ValueKind is JsonValueKind.Object && properties.TryGetProperty(property.Name, out var inner))
            {
                Check(inner, property.Value, $"{at}.{property.Name}", false, problems);
            }
            else if (closed)
            {
                problems.Add($"{at}.{property.Name} is not described");
            }
        }
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind is JsonValueKind.Object,
        "array" => value.ValueKind is JsonValueKind.Array,
        "string" => value.ValueKind is JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        "number" => value.ValueKind is JsonValueKind.Number,
        _ => false,
    };
}
