using System.Globalization;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Reads one wire value as a value of the catalogue's type. Takes both spellings vendors use (numbers as strings, ids as numbers) and keeps digits exact.</summary>
public sealed class ValueReader
{
    /// <summary>Whole numbers beyond this do not survive a double: they are handed on as text.</summary>
    public const long GreatestExactInteger = 9007199254740992;

    private readonly FieldType _type;
    private readonly string _place;
    private readonly RecordReader? _record;
    private readonly ValueReader? _item;

    /// <summary>A reader of values of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="place">The field's name, for messages.</param>
    public ValueReader(FieldType type, string place)
    {
        _type = type;
        _place = place;
        if (type.Kind == FieldKind.Object && (type.Fields.Count > 0 || !type.OpenFields)) _record = new RecordReader(type.Fields, open: type.OpenFields);
        if (type.Kind == FieldKind.List) _item = new ValueReader(type.Item ?? FieldType.Of(FieldKind.Any), place);
    }

    /// <summary>Reads the value the reader stands on.</summary>
    public object? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        return _type.Kind switch
        {
            FieldKind.Text or FieldKind.LongText or FieldKind.Url or FieldKind.Email or FieldKind.Phone or FieldKind.Choice or FieldKind.Id => ReadText(ref reader),
            FieldKind.Integer => ReadInteger(ref reader),
            FieldKind.Number => ReadNumber(ref reader),
            FieldKind.Decimal => ReadDecimal(ref reader),
            FieldKind.Boolean => ReadBoolean(ref reader),
            FieldKind.Date => WireTime.TryDate(Words(ref reader), out var date) ? date : Nothing(ref reader),
            FieldKind.Instant => WireTime.TryInstant(Words(ref reader), out var instant) ? instant : Nothing(ref reader),
            FieldKind.Duration => WireTime.TryDuration(Words(ref reader), out var duration) ? duration : Nothing(ref reader),
            FieldKind.List => ReadList(ref reader),
            FieldKind.Object when _record is not null => reader.TokenType == JsonTokenType.StartObject ? _record.Read(ref reader) : throw Unfit(ref reader),
            _ => ReadAny(ref reader),
        };
    }

    /// <summary>Reads any value without a type.</summary>
    public static object? ReadAny(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String: return reader.GetString();
            case JsonTokenType.True: return true;
            case JsonTokenType.False: return false;
            case JsonTokenType.Null: return null;
            case JsonTokenType.Number: return UntypedNumber(ref reader);
            case JsonTokenType.StartArray:
                var list = new List<object?>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list.Add(ReadAny(ref reader));
                return list;
            case JsonTokenType.StartObject:
                var record = new Dictionary<string, object?>();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    record[name] = ReadAny(ref reader);
                }

                return record;
            default: throw new RecordFormatException($"unexpected {reader.TokenType}");
        }
    }

    private static object UntypedNumber(ref Utf8JsonReader reader)
    {
        if (reader.TryGetInt64(out var whole)) return whole is >= -GreatestExactInteger and <= GreatestExactInteger ? whole : Raw(ref reader);
        return reader.TryGetDouble(out var number) && Survives(ref reader, number) ? number : Raw(ref reader);
    }

    // A number survives when the double prints back to the same decimal.
    private static bool Survives(ref Utf8JsonReader reader, double number)
    {
        if (!double.IsFinite(number)) return false;
        if (reader.ValueSpan.Length <= 15 || !reader.TryGetDecimal(out var exact)) return true;
        return Math.Abs(number) < 1e28 && decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var back) && back == exact;
    }

    private static string Raw(ref Utf8JsonReader reader) => Encoding.UTF8.GetString(reader.ValueSpan);

    private string ReadText(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString()!,
        JsonTokenType.Number => Raw(ref reader),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        _ => throw Unfit(ref reader),
    };

    private object? ReadInteger(ref Utf8JsonReader reader)
    {
        long whole;
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetInt64(out whole)) return whole is >= -GreatestExactInteger and <= GreatestExactInteger ? whole : Raw(ref reader);
            if (reader.TryGetDecimal(out var exact) && decimal.IsInteger(exact)) return Math.Abs(exact) <= GreatestExactInteger ? (object)(long)exact : exact.ToString("F0", CultureInfo.InvariantCulture);
            throw Unfit(ref reader);
        }

        var text = Words(ref reader);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole)) return Nothing(ref reader);
        return whole is >= -GreatestExactInteger and <= GreatestExactInteger ? whole : text;
    }

    private object? ReadNumber(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number) return reader.TryGetDouble(out var number) && Survives(ref reader, number) ? number : Raw(ref reader);
        return double.TryParse(Words(ref reader), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed) ? parsed : Nothing(ref reader);
    }

    private object? ReadDecimal(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number) return reader.TryGetDecimal(out var exact) ? exact : throw Unfit(ref reader);
        return decimal.TryParse(Words(ref reader), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var parsed) ? parsed : Nothing(ref reader);
    }

    private bool ReadBoolean(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number when reader.TryGetInt32(out var number) && number is 0 or 1 => number == 1,
        JsonTokenType.String when bool.TryParse(reader.GetString(), out var parsed) => parsed,
        _ => throw Unfit(ref reader),
    };

    private List<object?> ReadList(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Unfit(ref reader);
        var list = new List<object?>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list.Add(_item!.Read(ref reader));
        return list;
    }

    private string Words(ref Utf8JsonReader reader) => reader.TokenType is JsonTokenType.String or JsonTokenType.Number ? ReadText(ref reader) : throw Unfit(ref reader);

    // Some vendors write an empty text where they mean nothing.
    private object? Nothing(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.String && reader.ValueSpan.IsEmpty ? null : throw Unfit(ref reader);

    private RecordFormatException Unfit(ref Utf8JsonReader reader) => new($"{_place} holds {reader.TokenType} that is no {_type.Kind}");
}
