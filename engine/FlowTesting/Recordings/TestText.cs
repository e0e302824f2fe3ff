using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WorkflowEngine.FlowTesting;

/// <summary>Values as a file of tests writes them.</summary>
internal static partial class TestText
{
    private static readonly JsonSerializerOptions Quoted = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject part => $"{{ {string.Join(", ", part.Select(p => $"{Key(p.Key)}: {Of(p.Value)}"))} }}",
        JsonArray list => $"[{string.Join(", ", list.Select(Of))}]",
        JsonValue text when text.TryGetValue<string>(out var words) => Text(words),
        _ => node.ToJsonString(),
    };

    /// <summary>A value of the engine as JSON; false: nothing a test could write down.</summary>
    public static bool TryJson(object? value, out JsonNode? node)
    {
        node = value switch
        {
            null => null,
            bool flag => JsonValue.Create(flag),
            long whole => JsonValue.Create(whole),
            double number => JsonValue.Create(number),
            decimal money => JsonNode.Parse(money.ToString(CultureInfo.InvariantCulture)),
            DateOnly day => JsonValue.Create(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            DateTimeOffset at => JsonValue.Create(at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)),
            string text => JsonValue.Create(text),
            _ => null,
        };
        return node is not null || value is null;
    }

    public static string Key(string name) => Plain().IsMatch(name) ? name : JsonSerializer.Serialize(name, Quoted);

    /// <summary>A text that begins like an expression is written as what it is.</summary>
    public static string Text(string text)
    {
        var quoted = JsonSerializer.Serialize(text, Quoted);
        return text.StartsWith('=') ? $"{{ literal: {quoted} }}" : quoted;
    }

    /// <summary>Records under their connections and entities, a record a line.</summary>
    public static void Records(StringBuilder text, string indent, IEnumerable<(string Connection, string Entity, JsonObject Record)> records)
    {
        foreach (var system in records.GroupBy(r => r.Connection))
        {
            text.Append(indent).Append(system.Key).Append(":\n");
            foreach (var entity in system.GroupBy(r => r.Entity))
            {
                text.Append(indent).Append("  ").Append(entity.Key).Append(":\n");
                foreach (var (_, _, record) in entity) text.Append(indent).Append("    - ").Append(Of(record)).Append('\n');
            }
        }
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_.]*$", RegexOptions.None, 1000)]
    private static partial Regex Plain();
}
