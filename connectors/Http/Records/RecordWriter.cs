using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Writes the engine's values as wire JSON by the catalogue's types. A value that does not fit throws <see cref="RecordFormatException"/>: the connector answers it as rejected.</summary>
public sealed class RecordWriter(WireRules rules)
{
    /// <summary>Writes a value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="value">One of the engine's values.</param>
    /// <param name="type">The field's type.</param>
    /// <param name="place">The field's path, for messages.</param>
    public void WriteValue(Utf8JsonWriter writer, object? value, FieldType type, string place)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case IReadOnlyDictionary<string, object?> record: WriteObject(writer, record, type.Fields, place); break;
            case IReadOnlyList<object?> list:
                writer.WriteStartArray();
                foreach (var item in list) WriteValue(writer, item, type.Item ?? FieldType.Of(FieldKind.Any), place);
                writer.WriteEndArray();
                break;
            default: WriteScalar(writer, value, type, place); break;
        }
    }

    /// <summary>Writes an object; fields outside the list go out untyped.</summary>
    public void WriteObject(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> record, IReadOnlyList<FieldDescriptor> fields, string place)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in record)
        {
            writer.WritePropertyName(name);
            FieldType? type = null;
            foreach (var field in fields)
            {
                if (field.Name == name) type = field.Type;
            }

            WriteValue(writer, value, type ?? FieldType.Of(FieldKind.Any), $"{place}.{name}");
        }

        writer.WriteEndObject();
    }

    private void WriteScalar(Utf8JsonWriter writer, object value, FieldType type, string place)
    {
        switch (type.Kind)
        {
            case FieldKind.Id when !type.NumberOnWire:
            case FieldKind.Decimal when type.TextOnWire:
            case FieldKind.Text or FieldKind.LongText or FieldKind.Url or FieldKind.Email or FieldKind.Phone or FieldKind.Choice:
                writer.WriteStringValue(Text(value));
                break;
            case FieldKind.Id:
            case FieldKind.Integer:
                writer.WriteRawValue(long.TryParse(Text(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole.ToString(CultureInfo.InvariantCulture)
                    : type.Kind == FieldKind.Integer && value is decimal or double && decimal.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var round) && decimal.IsInteger(round) ? round.ToString("F0", CultureInfo.InvariantCulture)
                    : throw Unfit(place, type));
                break;
            case FieldKind.Number or FieldKind.Decimal:
                WriteNumber(writer, value, type, place);
                break;
            case FieldKind.Boolean:
                writer.WriteBooleanValue(value as bool? ?? (bool.TryParse(Text(value), out var yes) ? yes : throw Unfit(place, type)));
                break;
            case FieldKind.Date:
                var day = value switch
                {
                    DateOnly date => date,
                    DateTimeOffset instant => DateOnly.FromDateTime(instant.UtcDateTime),
                    _ => WireTime.TryDate(Text(value), out var parsed) ? parsed : throw Unfit(place, type),
                };
                writer.WriteStringValue(rules.DaysAreMidnights ? WireTime.Text(day) + "T00:00:00Z" : WireTime.Text(day));
                break;
            case FieldKind.Instant:
                var moment = value switch
                {
                    DateTimeOffset instant => instant,
                    DateOnly date => new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero),
                    _ => WireTime.TryInstant(Text(value), out var parsed) ? parsed : throw Unfit(place, type),
                };
                writer.WriteStringValue(WireTime.Text(moment, rules.SecondDigits));
                break;
            case FieldKind.List or FieldKind.Object:
                throw Unfit(place, type);
            default:
                WriteUntyped(writer, value);
                break;
        }
    }

    // Exact digits: a decimal and a text of digits go out as they are.
    private static void WriteNumber(Utf8JsonWriter writer, object value, FieldType type, string place)
    {
        switch (value)
        {
            case decimal exact: writer.WriteNumberValue(exact); break;
            case long whole: writer.WriteNumberValue(whole); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case string text when decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed): writer.WriteNumberValue(parsed); break;
            default: throw Unfit(place, type);
        }
    }

    private void WriteUntyped(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case bool yes: writer.WriteBooleanValue(yes); break;
            case long whole: writer.WriteNumberValue(whole); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case decimal exact: writer.WriteNumberValue(exact); break;
            default: writer.WriteStringValue(Text(value)); break;
        }
    }

    private string Text(object value) => value switch
    {
        string text => text,
        bool yes => yes ? "true" : "false",
        DateOnly date => WireTime.Text(date),
        DateTimeOffset instant => WireTime.Text(instant, rules.SecondDigits),
        TimeSpan duration => duration.ToString("c", CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static RecordFormatException Unfit(string place, FieldType type) => new($"{place} does not take this value: {type.Kind} was expected");
}
