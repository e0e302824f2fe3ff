using System.Globalization;
using System.Text.Json;

namespace WorkflowEngine.Runtime;

/// <summary>The record or payload of an event as bytes, with the version of the format in front.</summary>
public static class Payload
{
    private const byte Version = 1;

    public static byte[] Encode(object? value)
    {
        var writer = ValueWriter.Rent();
        writer.Byte(Version);
        writer.Value(value);
        return writer.Finish();
    }

    public static object? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0) return null;
        var reader = new ValueReader(bytes);
        if (reader.Byte() != Version) throw new FormatException("The payload was stored by another version.");
        return reader.Value();
    }

    /// <summary>JSON as values: whole numbers as long, others as double; a number that does not survive a double arrives as text.</summary>
    public static object? OfJson(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.Number:
                return Number(element);
            case JsonValueKind.Array:
                var list = new List<object?>(element.GetArrayLength());
                foreach (var item in element.EnumerateArray()) list.Add(OfJson(item));
                return list;
            case JsonValueKind.Object:
                var record = new Dictionary<string, object?>();
                foreach (var property in element.EnumerateObject()) record[property.Name] = OfJson(property.Value);
                return record;
            default:
                return null;
        }
    }

    private const long MostExact = 1L << 53;

    private static object Number(JsonElement element)
    {
        if (element.TryGetInt64(out var whole) && whole is >= -MostExact and <= MostExact) return whole;
        var text = element.GetRawText();
        if (!element.TryGetDouble(out var number) || double.IsInfinity(number)) return text;
        if (text.AsSpan().ContainsAny('e', 'E')) return number;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
               && decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var back)
               && exact == back
            ? number
            : text;
    }
}
