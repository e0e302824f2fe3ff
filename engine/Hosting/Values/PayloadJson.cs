using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Hosting;

/// <summary>JSON from outside as a flow's input, and values as JSON for people.</summary>
public static class PayloadJson
{
    /// <summary>Deepest nesting of a payload.</summary>
    public const int MostDepth = 64;

    // A flow's input type lives as long as its plan: its reader is made once, not for each call.
    private static readonly ConditionalWeakTable<FieldType, RecordReader> Readers = [];

    /// <summary>Reads a payload by the flow's input type. The problem is one sentence for who sent it.</summary>
    public static (IReadOnlyDictionary<string, object?>? Payload, string? Problem) Read(ReadOnlySpan<byte> json, FieldType input)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MostDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return (null, "The body must be one JSON object.");
            return (Readers.GetValue(input, static type => new RecordReader(type.Fields, open: type.OpenFields)).Read(json), null);
        }
        catch (JsonException e)
        {
            return (null, $"The body is no JSON: {First(e.Message)}");
        }
        catch (RecordFormatException e)
        {
            return (null, $"The body does not fit the flow's input: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            return (null, "The body holds text that is not valid UTF-8.");
        }
    }

    /// <summary>A value as JSON.</summary>
    public static JsonElement ToJson(object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, value);
        return JsonSerializer.Deserialize<JsonElement>(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case long whole: writer.WriteNumberValue(whole); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case decimal exact: writer.WriteStringValue(exact.ToString(CultureInfo.InvariantCulture)); break;
            case DateOnly day: writer.WriteStringValue(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)); break;
            case DateTimeOffset instant: writer.WriteStringValue(instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)); break;
            case TimeSpan duration: writer.WriteStringValue(duration.ToString("c", CultureInfo.InvariantCulture)); break;
            case ParentReference parent: writer.WriteStringValue($"{parent.Entity}.{parent.By}={Runtime.FieldValues.AsText(parent.Value)}"); break;
            case IReadOnlyDictionary<string, object?> record:
                writer.WriteStartObject();
                foreach (var (name, item) in record)
                {
                    writer.WritePropertyName(name);
                    Write(writer, item);
                }

                writer.WriteEndObject();
                break;
            case IReadOnlyList<object?> list:
                writer.WriteStartArray();
                foreach (var item in list) Write(writer, item);
                writer.WriteEndArray();
                break;
            default: writer.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
        }
    }

    private static string First(string message) => message.Split('.')[0] + ".";
}
