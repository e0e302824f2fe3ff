using System.Globalization;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Compares values as their field's type means them: ids as text, numbers by size, phones by digits, e-mails whatever the case.</summary>
public static class ValueComparison
{
    /// <summary>A text that is equal for equal values of the field; rows are indexed by it.</summary>
    /// <param name="value">A value, from a record or from a condition.</param>
    /// <param name="field">Its field; null = unknown, compared as it is.</param>
    public static string Key(object value, FieldDescriptor? field)
    {
        var kind = field?.Type.Kind ?? FieldKind.Any;
        switch (kind)
        {
            case FieldKind.Integer or FieldKind.Number or FieldKind.Decimal when TryNumber(value, out var number): return number.ToString("G29", CultureInfo.InvariantCulture);
            case FieldKind.Date when TryDay(value, out var day): return WireTime.Text(day);
            case FieldKind.Instant when TryInstant(value, out var instant): return WireTime.Sortable(instant);
            case FieldKind.Boolean: return Text(value).ToUpperInvariant();
            case FieldKind.Phone: return Digits(Text(value));
            case FieldKind.Email: return Text(value).Trim().ToUpperInvariant();
            case FieldKind.Any when value is long or double or decimal && TryNumber(value, out var number): return number.ToString("G29", CultureInfo.InvariantCulture);
        }

        var text = Text(value);
        if (field?.Search == SearchForm.PhoneSpellings) return Digits(text) is { Length: > 0 } digits && !text.Contains('@', StringComparison.Ordinal) ? digits : text.Trim().ToUpperInvariant();
        return field is { IgnoreCase: true } or { Search: SearchForm.IgnoreCase } ? text.ToUpperInvariant() : text;
    }

    /// <summary>Orders two values of a field; null is least.</summary>
    public static int Compare(object? a, object? b, FieldDescriptor? field)
    {
        if (a is null || b is null) return (a is null ? 0 : 1) - (b is null ? 0 : 1);
        if (a is not string || b is not string || field?.Type.Kind is FieldKind.Integer or FieldKind.Number or FieldKind.Decimal)
        {
            if (TryNumber(a, out var x) && TryNumber(b, out var y)) return x.CompareTo(y);
        }

        if ((a is DateTimeOffset or DateOnly || b is DateTimeOffset or DateOnly || field?.Type.Kind is FieldKind.Date or FieldKind.Instant) && TryInstant(a, out var s) && TryInstant(b, out var t))
        {
            return field?.Type.Kind == FieldKind.Date ? s.UtcDateTime.Date.CompareTo(t.UtcDateTime.Date) : s.CompareTo(t);
        }

        if (a is TimeSpan u && b is TimeSpan v) return u.CompareTo(v);
        // Ids that are numbers grow with time: 9 comes before 10.
        if (field?.Type is { Kind: FieldKind.Id, NumberOnWire: true } && long.TryParse(Text(a), out var m) && long.TryParse(Text(b), out var n)) return m.CompareTo(n);
        return string.Compare(Text(a), Text(b), field is { IgnoreCase: true } ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    /// <summary>The digits of a phone number, without the North American country digit.</summary>
    public static string Digits(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits.Length == 11 && digits[0] == '1' ? digits[1..] : digits;
    }

    private static string Text(object value) => value switch
    {
        string text => text,
        bool yes => yes ? "true" : "false",
        DateTimeOffset instant => WireTime.Sortable(instant),
        DateOnly date => WireTime.Text(date),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static bool TryNumber(object value, out decimal number)
    {
        switch (value)
        {
            case long whole: number = whole; return true;
            case decimal exact: number = exact; return true;
            case double real when Math.Abs(real) < 7e27: number = (decimal)real; return true;
            case string text: return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);
            default: number = 0; return false;
        }
    }

    private static bool TryDay(object value, out DateOnly day)
    {
        switch (value)
        {
            case DateOnly date: day = date; return true;
            case DateTimeOffset instant: day = DateOnly.FromDateTime(instant.UtcDateTime); return true;
            default: return WireTime.TryDate(Text(value), out day);
        }
    }

    private static bool TryInstant(object value, out DateTimeOffset instant)
    {
        switch (value)
        {
            case DateTimeOffset given: instant = given; return true;
            case DateOnly date: instant = new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero); return true;
            case string text: return WireTime.TryInstant(text, out instant);
            default: instant = default; return false;
        }
    }
}
