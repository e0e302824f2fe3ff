using System.Text.Encodings.Web;
using System.Text.Json;

namespace WorkflowEngine.Cli;

internal static class Pretty
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(JsonElement element) => JsonSerializer.Serialize(element, Indented);

    /// <summary>A scalar as a cell of a table; null is empty.</summary>
    public static string Text(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.String => element.GetString()!,
        _ => element.GetRawText(),
    };
}
