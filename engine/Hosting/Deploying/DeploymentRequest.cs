using System.Text.Json;
using System.Text.Json.Nodes;

namespace WorkflowEngine.Hosting;

/// <summary>What the API is told a deployment shall be: the same keys as a deployment file, as JSON, so that the same reader finds the same mistakes.</summary>
public static class DeploymentRequest
{
    private static readonly string[] Keys = ["template", "version", "connections", "parameters", "tables", "names", "overlay", "since", "sharedFields", "state"];
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <summary>The request in a normal form: known keys in their order, nothing that is null. The problem is one sentence.</summary>
    public static (string? Specification, string? Problem) Normalise(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return (null, "Give the deployment as one JSON object.");
        foreach (var property in body.EnumerateObject())
        {
            if (!Keys.Contains(property.Name)) return (null, $"A deployment has no '{property.Name}'; it has {string.Join(", ", Keys)}.");
        }

        var result = new JsonObject();
        foreach (var key in Keys)
        {
            if (body.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null) result[key] = JsonNode.Parse(value.GetRawText());
        }

        return result["template"] is JsonValue template && template.GetValueKind() == JsonValueKind.String
            ? (result.ToJsonString(Readable), null)
            : (null, "Name the template: \"template\": \"…\".");
    }

    /// <summary>As the text of a deployment file. The version has been answered by finding the template's content, so it is left out.</summary>
    public static string File(string name, string specification)
    {
        var request = JsonNode.Parse(specification)!.AsObject();
        var file = new JsonObject { ["deployment"] = name };
        foreach (var (key, value) in request)
        {
            if (key != "version") file[key] = value?.DeepClone();
        }

        return file.ToJsonString(Readable);
    }

    /// <summary>The request without the version it names.</summary>
    public static string WithoutVersion(string specification)
    {
        var request = JsonNode.Parse(specification)!.AsObject();
        request.Remove("version");
        return request.ToJsonString();
    }

    public static string? Text(string specification, string key) =>
        JsonNode.Parse(specification)?[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
