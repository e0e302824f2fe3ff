using System.Globalization;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Brings a value to the form a field holds, before it is compared or sent. Nothing is rounded or cut silently.</summary>
public static class FieldValues
{
    /// <summary>True when the value is null or text without characters.</summary>
    public static bool IsEmpty(object? value) => value is null or "";

    /// <summary>Converts; false with a reason when the value does not fit the field.</summary>
    public static bool TryConvert(FieldType type, object? value, out object? converted, out string problem)
    {
        problem = "";
        converted = value;
        if (value is null) return true;
        switch (type.Kind)
        {
            case FieldKind.Text or FieldKind.LongText or FieldKind.Url or FieldKind.Email or FieldKind.Phone or FieldKind.Id or FieldKind.Choice:
                if (AsText(value) is not { } text) break;
                converted = text;
                if (type.Kind == FieldKind.Choice && type.Choices is { } choices && !type.OpenChoices && text.Length > 0 && !Contains(choices, text))
                {
                    problem = $"'{text}' is none of {string.Join(", ", choices)}";
                    return false;
                }

                if (type.Length is { } most && text.Length > most)
                {
                    problem = $"the text has {text.Length} characters, the field takes {most}";
                    return false;
                }

                return true;
            case FieldKind.Integer:
                if (AsWhole(value) is { } whole)
                {
                    converted = whole;
                    return true;
                }

                break;
            case FieldKind.Number:
                if (AsNumber(value) is { } number)
                {
                    converted = number;
                    return true;
                }

                break;
            case FieldKind.Decimal:
                if (AsDecimal(value) is { } exact)
                {
                    converted = exact;
                    if (type.Scale is { } scale && exact.Scale > scale && decimal.Round(exact, scale) != exact)
                    {
                        problem = $"{exact.ToString(CultureInfo.InvariantCulture)} has more than {scale} digits behind the point";
                        return false;
                    }

                    return true;
                }

                break;
            case FieldKind.Boolean:
                if (value is bool) return true;
                if (value is "true" or "false")
                {
                    converted = value is "true";
                    return true;
                }

                break;
            case FieldKind.Date:
                if (value is DateOnly) return true;
                if (value is string day && DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                {
                    converted = date;
                    return true;
                }

                break;
            case FieldKind.Instant:
                if (value is DateTimeOffset) return true;
                if (value is string moment && DateTimeOffset.TryParse(moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
                {
                    converted = instant;
                    return true;
                }

                break;
            case FieldKind.Duration:
                if (value is TimeSpan) return true;
                break;
            case FieldKind.List:
                if (value is not IReadOnlyList<object?> list) break;
                if (type.Item is not { } item) return true;
                var items = new object?[list.Count];
                for (var i = 0; i < items.Length; i++)
                {
                    if (!TryConvert(item, list[i], out items[i], out problem)) return false;
                }

                converted = items;
                return true;
            case FieldKind.Object:
                if (value is IReadOnlyDictionary<string, object?>) return true;
                break;
            default:
                return true;
        }

        problem = $"{Describe(value)} is no {type.Kind.ToString().ToLowerInvariant()}";
        return false;
    }

    /// <summary>Text of an id, a text or a number; null when the value is none of them.</summary>
    public static string? AsText(object value) => value switch
    {
        string text => text,
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        decimal exact => exact.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset instant => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        TimeSpan duration => duration.ToString("c", CultureInfo.InvariantCulture),
        _ => null,
    };

    private static long? AsWhole(object value) => value switch
    {
        long whole => whole,
        double number when number == Math.Truncate(number) && Math.Abs(number) <= 1L << 53 => (long)number,
        decimal exact when exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue => (long)exact,
        string text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => null,
    };

    private static double? AsNumber(object value) => value switch
    {
        double number => number,
        long whole => whole,
        decimal exact => (double)exact,
        string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && double.IsFinite(parsed) => parsed,
        _ => null,
    };

    private static decimal? AsDecimal(object value) => value switch
    {
        decimal exact => exact,
        long whole => whole,
        double number when double.IsFinite(number) && Math.Abs(number) < 1e15
            && decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
        string text when decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var parsed) => parsed,
        _ => null,
    };

    private static bool Contains(IReadOnlyList<string> choices, string text)
    {
        foreach (var choice in choices)
        {
            if (string.Equals(choice, text, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static string Describe(object value) => value switch
    {
        string text => text.Length <= 40 ? $"'{text}'" : $"'{text.AsSpan(0, 40)}…'",
        IReadOnlyDictionary<string, object?> => "an object",
        IReadOnlyList<object?> => "a list",
        _ => AsText(value) ?? value.GetType().Name,
    };
}
