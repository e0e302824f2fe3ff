using System.Globalization;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>When two values of a field are the same to its vendor: what was read equals what would be written.</summary>
public static class FieldComparison
{
    public static bool Equal(FieldDescriptor field, object? left, object? right)
    {
        if (FieldValues.IsEmpty(left) || FieldValues.IsEmpty(right)) return FieldValues.IsEmpty(left) && FieldValues.IsEmpty(right);
        if (left is ParentReference || right is ParentReference) return false;
        if (field.Type.Kind == FieldKind.List) return ListsEqual(field, left, right);
        if (field.Type.Kind == FieldKind.Object || left is IReadOnlyDictionary<string, object?>) return Deep(left, right);
        return Convert(field, left) is { } a && Convert(field, right) is { } b && string.Equals(
            Normal(field, a), Normal(field, b), field.IgnoreCase || field.Search == SearchForm.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    /// <summary>
    /// When writing the value would change nothing. Stricter than <see cref="Equal"/>: a vendor that finds a name in any case still keeps the case it is given,
    /// so a name that only changed its case is written. E-mails and choices are kept in the vendor's own case.
    /// </summary>
    public static bool Stands(FieldDescriptor field, object? there, object? wanted) =>
        Equal(field, there, wanted)
        && (field.Type.Kind is FieldKind.Email or FieldKind.Choice || Convert(field, there) is not string a || Convert(field, wanted) is not string b
            || string.Equals(Normal(field, a), Normal(field, b), StringComparison.Ordinal));

    /// <summary>The value as the text under which it is searched, compared and hashed; null when empty.</summary>
    public static string? Key(FieldDescriptor field, object? value)
    {
        if (FieldValues.IsEmpty(value)) return null;
        var text = Convert(field, value) is { } converted ? Normal(field, converted) : null;
        if (string.IsNullOrEmpty(text)) return null;
        return field.IgnoreCase || field.Search == SearchForm.IgnoreCase || field.Type.Kind == FieldKind.Email ? text.ToLowerInvariant() : text;
    }

    private static object? Convert(FieldDescriptor field, object? value) =>
        FieldValues.TryConvert(LooseTypes.OfComparison(field.Type), value, out var converted, out _) ? converted : value;

    private static string? Normal(FieldDescriptor field, object value)
    {
        if (value is decimal exact) return Trimmed(field.Type.Scale is { } scale ? decimal.Round(exact, Math.Min(scale, 28), MidpointRounding.AwayFromZero) : exact);
        var text = FieldValues.AsText(value);
        if (text is null) return null;
        if (field.Type.Kind == FieldKind.Phone && field.Search == SearchForm.PhoneSpellings) return Digits(text);
        return text.AsSpan().Trim().Length == text.Length ? text : text.Trim();
    }

    private static string Trimmed(decimal value)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        return text.Contains('.') ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary>Digits without a trunk prefix of ten-digit numbers, so that <c>+1 208 555 0100</c> and <c>(208) 555-0100</c> are one number to a field that declares spellings.</summary>
    private static string Digits(string text)
    {
        Span<char> digits = stackalloc char[Math.Min(text.Length, 64)];
        var count = 0;
        foreach (var c in text)
        {
            if (char.IsAsciiDigit(c) && count < digits.Length) digits[count++] = c;
        }

        if (count == 0) return text.Trim();
        return count == 11 && digits[0] == '1' ? new string(digits[1..count]) : new string(digits[..count]);
    }

    private static bool ListsEqual(FieldDescriptor field, object? left, object? right)
    {
        if (left is not IReadOnlyList<object?> a || right is not IReadOnlyList<object?> b || a.Count != b.Count) return false;
        var item = field.Type.Item is { } type ? new FieldDescriptor { Name = field.Name, Type = type, IgnoreCase = field.IgnoreCase } : null;
        for (var i = 0; i < a.Count; i++)
        {
            if (!(item is null ? Deep(a[i], b[i]) : Equal(item, a[i], b[i]))) return false;
        }

        return true;
    }

    /// <summary>Equality of plain values; a member of an object that is missing equals null.</summary>
    public static bool Deep(object? left, object? right)
    {
        if (FieldValues.IsEmpty(left) || FieldValues.IsEmpty(right)) return FieldValues.IsEmpty(left) && FieldValues.IsEmpty(right);
        switch (left, right)
        {
            case (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b):
                foreach (var (name, value) in a)
                {
                    if (!Deep(value, b.GetValueOrDefault(name))) return false;
                }

                foreach (var (name, value) in b)
                {
                    if (!a.ContainsKey(name) && !FieldValues.IsEmpty(value)) return false;
                }

                return true;
            case (IReadOnlyList<object?> a, IReadOnlyList<object?> b):
                if (a.Count != b.Count) return false;
                for (var i = 0; i < a.Count; i++)
                {
                    if (!Deep(a[i], b[i])) return false;
                }

                return true;
            case (long a, double b):
                return a == b;
            case (double a, long b):
                return a == b;
            default:
                return Equals(left, right);
        }
    }
}
