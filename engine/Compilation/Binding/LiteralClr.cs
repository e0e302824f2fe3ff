using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>Literals as the engine's values, for what is known before anything runs: defaults, limits, rows of tables.</summary>
internal static class LiteralClr
{
    /// <summary>Null for null, for what is no literal, and for what does not fit (reported where it is checked).</summary>
    public static object? Of(ValueDefinition? value, FieldType type) => value switch
    {
        LiteralValue literal => Of(literal, type),
        ListValue list when type.Kind == FieldKind.List => list.Items.Select(i => Of(i, type.Item ?? FieldType.Of(FieldKind.Any))).ToArray(),
        ObjectValue structure => structure.Lines.ToDictionary(
            l => l.Name.Value,
            l => Of(l.Value, type.Fields.FirstOrDefault(f => f.Name == l.Name.Value)?.Type ?? FieldType.Of(FieldKind.Any)),
            StringComparer.Ordinal),
        _ => null,
    };

    private static object? Of(LiteralValue literal, FieldType type)
    {
        var text = literal.Text;
        switch (type.Kind)
        {
            case FieldKind.Integer:
                return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : null;
            case FieldKind.Number:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
            case FieldKind.Decimal:
                return decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exact) ? exact : null;
            case FieldKind.Boolean:
                return literal.Kind == LiteralKind.Boolean ? literal.IsTrue : null;
            case FieldKind.Date:
                return DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
            case FieldKind.Instant:
                return LiteralText.IsInstant(text) ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind).ToUniversalTime() : null;
            case FieldKind.Duration:
                return DurationText.TryParse(text, out var duration) ? duration : null;
            case FieldKind.Any when literal.Kind == LiteralKind.Boolean:
                return literal.IsTrue;
            case FieldKind.Any when literal.Kind == LiteralKind.Number:
                return LiteralText.IsInteger(text) ? long.Parse(text, CultureInfo.InvariantCulture) : double.Parse(text, CultureInfo.InvariantCulture);
            default:
                return text;
        }
    }
}
