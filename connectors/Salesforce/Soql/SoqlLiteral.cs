using System.Buffers;
using System.Globalization;
using System.Text;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Soql;

/// <summary>Writes values as SOQL literals. Nothing else ever puts a value into a query, so no value can leave its quotes.</summary>
internal static class SoqlLiteral
{
    /// <summary>The vendor's bound on one literal in WHERE; a longer text equals no field that can be filtered.</summary>
    public const int MostTextLength = 4000;

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 @.-_+()/,:#&");

    /// <summary>A text in quotes.</summary>
    public static string Text(string value)
    {
        // Most values need nothing but the quotes.
        if (!value.AsSpan().ContainsAnyExcept(Plain)) return $"'{value}'";
        var literal = new StringBuilder(value.Length + 8).Append('\'');
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            switch (c)
            {
                case '\\': literal.Append(@"\\"); break;
                case '\'': literal.Append(@"\'"); break;
                case '\n': literal.Append(@"\n"); break;
                case '\r': literal.Append(@"\r"); break;
                case '\t': literal.Append(@"\t"); break;
                case '\b': literal.Append(@"\b"); break;
                case '\f': literal.Append(@"\f"); break;
                default:
                    if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                    {
                        literal.Append(c).Append(value[++i]);
                    }
                    else if (char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029')
                    {
                        // Control characters and halves of characters do not survive a URL; the vendor reads them escaped.
                        literal.Append(@"\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));
                    }
                    else
                    {
                        literal.Append(c);
                    }

                    break;
            }
        }

        return literal.Append('\'').ToString();
    }

    /// <summary>A value as the literal of its field's type; null when the value cannot be one of that type.</summary>
    /// <param name="type">The field's type; null when the field is unknown: the value's own type decides.</param>
    /// <param name="value">The value.</param>
    public static string? Of(FieldType? type, object value) => (type?.Kind ?? FieldKind.Any) switch
    {
        FieldKind.Boolean => value switch
        {
            bool b => b ? "TRUE" : "FALSE",
            "true" => "TRUE",
            "false" => "FALSE",
            _ => null,
        },
        FieldKind.Integer or FieldKind.Number or FieldKind.Decimal => Number(value),
        FieldKind.Date => value switch
        {
            DateOnly d => Day(d),
            string s when DateOnly.TryParseExact(s, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var d) => Day(d),
            _ => null,
        },
        FieldKind.Instant => value switch
        {
            DateTimeOffset i => Instant(i),
            string s when SalesforceTime.TryInstant(s, out var i) => Instant(i),
            _ => null,
        },
        FieldKind.Duration => value is TimeSpan t ? Clock(t) : null,
        FieldKind.Any => value switch
        {
            bool or long or double or decimal => value is bool b ? (b ? "TRUE" : "FALSE") : Number(value),
            DateOnly d => Day(d),
            DateTimeOffset i => Instant(i),
            TimeSpan t => Clock(t),
            string s => Text(s),
            _ => null,
        },
        FieldKind.List or FieldKind.Object => null,
        _ => PlainText(value) is { } text ? Text(text) : null,
    };

    /// <summary>A value as the text a text field holds; null when it has none.</summary>
    public static string? PlainText(object? value) => value switch
    {
        string s => s,
        bool b => b ? "true" : "false",
        long l => l.ToString(CultureInfo.InvariantCulture),
        decimal d => d.ToString(CultureInfo.InvariantCulture),
        double d => double.IsFinite(d) ? d.ToString("R", CultureInfo.InvariantCulture) : null,
        DateOnly d => Day(d),
        DateTimeOffset i => i.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        TimeSpan t => Clock(t),
        _ => null,
    };

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // Whole seconds are what the vendor documents; a fraction is sent only where there is one.
    private static string Instant(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(instant.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Clock(TimeSpan time) => time.ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture) + "Z";

    private static string? Number(object value) => value switch
    {
        long l => l.ToString(CultureInfo.InvariantCulture),
        decimal d => d.ToString(CultureInfo.InvariantCulture),
        // SOQL knows no exponents: a double goes out through decimal, or not at all.
        double d when double.IsFinite(d) && Math.Abs(d) < 7.9e27 => ((decimal)d).ToString(CultureInfo.InvariantCulture),
        string s when decimal.TryParse(s, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var d) => d.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
