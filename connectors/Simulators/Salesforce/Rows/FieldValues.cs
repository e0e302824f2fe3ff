using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>Reads one JSON value as a field's value, and writes it back.</summary>
internal static class FieldValues
{
    private static readonly string[] InstantFormats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:sszzz",
    ];

    public static RowError? Read(FieldDefinition field, JsonElement json, out object? value)
    {
        value = null;
        if (json.ValueKind is JsonValueKind.Null)
        {
            value = field.Type == "boolean" ? false : null;
            return null;
        }

        return field.IsText ? ReadText(field, json, out value)
            : field.IsNumber ? ReadNumber(field, json, out value)
            : field.Type switch
            {
                "boolean" => json.ValueKind is JsonValueKind.True or JsonValueKind.False ? Good(json.GetBoolean(), out value) : Unreadable("boolean", json),
                "date" => ReadDate(json, out value),
                "datetime" => json.ValueKind is JsonValueKind.String && TryInstant(json.GetString()!, out var instant)
                    ? Good(instant, out value) : Unreadable("datetime", json),
                "reference" or "id" => ReadId(field, json, out value),
                _ => Unreadable(field.Type, json),
            };
    }

    /// <summary>Accepts offsets with and without a colon, as the vendor does.</summary>
    public static bool TryInstant(string text, out DateTimeOffset value)
    {
        if (text.Length > 5 && text[^5] is '+' or '-' && text[^3] != ':' && text.Contains('T', StringComparison.Ordinal))
        {
            text = text[..^2] + ":" + text[^2..];
        }

        var good = DateTimeOffset.TryParseExact(
            text, InstantFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);
        return good;
    }

    public static bool TryDate(string text, out DateOnly value) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);

    public static void Write(Utf8JsonWriter w, string name, object? value)
    {
        switch (value)
        {
            case null: w.WriteNull(name); break;
            case string text: w.WriteString(name, text); break;
            case bool flag: w.WriteBoolean(name, flag); break;
            case decimal number: w.WriteNumber(name, number); break;
            default: w.WriteString(name, Text(value)); break;
        }
    }

    public static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture) + "+0000",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static RowError? Good(object read, out object? value)
    {
        value = read;
        return null;
    }

    private static RowError? ReadText(FieldDefinition field, JsonElement json, out object? value)
    {
        value = null;
        if (json.ValueKind is not JsonValueKind.String)
        {
            return Unreadable("string", json);
        }

        // Blanks around a text are cut off and an empty text is no value.
        var text = json.GetString()!.Trim();
        if (text.Length == 0)
        {
            return null;
        }

        if (field.Length > 0 && text.Length > field.Length)
        {
            return new("STRING_TOO_LONG", string.Create(CultureInfo.InvariantCulture, $"{field.Label}: data value too large: {Short(text)} (max length={field.Length})"), [field.Name]);
        }

        if (field.Type == "email" && !IsEmail(text))
        {
            return new("INVALID_EMAIL_ADDRESS", $"{field.Label}: invalid email address: {text}", [field.Name]);
        }

        if (field.Restricted && text.Split(field.Type == "multipicklist" ? ';' : '\0').FirstOrDefault(p => !field.Picklist.Contains(p, StringComparer.Ordinal)) is { } bad)
        {
            return new("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", $"{field.Label}: bad value for restricted picklist field: {bad}", [field.Name]);
        }

        value = text;
        return null;
    }

    private static RowError? ReadNumber(FieldDefinition field, JsonElement json, out object? value)
    {
        value = null;
        decimal number;
        if (json.ValueKind is JsonValueKind.Number)
        {
            if (!json.TryGetDecimal(out number))
            {
                return OutOfRange(field, json);
            }
        }
        else if (json.ValueKind is not JsonValueKind.String
            || !decimal.TryParse(json.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            return Unreadable(field.Type == "int" ? "int" : "double", json);
        }

        number = Math.Round(number, field.Scale, MidpointRounding.AwayFromZero);
        var digits = (field.Precision == 0 ? 18 : field.Precision) - field.Scale;
        if (Math.Abs(number) >= (decimal)Math.Pow(10, Math.Clamp(digits, 1, 18)))
        {
            return OutOfRange(field, json);
        }

        return Good(number, out value);
    }

    private static RowError? ReadDate(JsonElement json, out object? value)
    {
        value = null;
        if (json.ValueKind is JsonValueKind.String)
        {
            var text = json.GetString()!;
            if (TryDate(text, out var date) || (text.Length > 10 && TryInstant(text, out _) && TryDate(text[..10], out date)))
            {
                return Good(date, out value);
            }
        }

        return Unreadable("date", json);
    }

    private static RowError? ReadId(FieldDefinition field, JsonElement json, out object? value)
    {
        value = null;
        if (json.ValueKind is not JsonValueKind.String)
        {
            return Unreadable("string", json);
        }

        var text = json.GetString()!;
        if (text.Length == 0)
        {
            return null;
        }

        return RecordId.Normalize(text) is { } id
            ? Good(id, out value) : new RowError("MALFORMED_ID", $"{field.Label}: id value of incorrect type: {Short(text)}", [field.Name]);
    }

    private static RowError OutOfRange(FieldDefinition field, JsonElement json) =>
        new("NUMBER_OUTSIDE_VALID_RANGE", $"{field.Label}: value outside of valid range on numeric field: {Short(json.GetRawText())}", [field.Name]);

    private static RowError Unreadable(string type, JsonElement json) => new(
        "JSON_PARSER_ERROR",
        $"Cannot deserialize instance of {type} from VALUE_{json.ValueKind.ToString().ToUpperInvariant()} value {Short(json.GetRawText())} or request may be missing a required field at [line:1, column:1]", []);

    private static string Short(string text) => text.Length <= 80 ? text : text[..80];

    private static bool IsEmail(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at is > 0 and <= 64 && text.LastIndexOf('@') == at && at < text.Length - 3 && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';' or '(' or ')')
            && text.IndexOf('.', at + 2) > 0 && text[^1] != '.' && text[at - 1] != '.' && text[0] != '.' && !text.Contains("..", StringComparison.Ordinal);
    }
}
