using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>Decides which asker a row belongs to, comparing as Salesforce does: texts whatever their case, ids by their first 15 characters, phones by their digits.</summary>
internal static class RowMatcher
{
    /// <summary>A prepared condition as a test of rows.</summary>
    public static Func<IReadOnlyDictionary<string, object?>, bool> Compile(Condition condition, OrgSchema schema, string entity)
    {
        switch (condition)
        {
            case AllOf all:
                var every = all.Parts.Select(p => Compile(p, schema, entity)).ToArray();
                return row => Array.TrueForAll(every, holds => holds(row));
            case AnyOf any:
                var some = any.Parts.Select(p => Compile(p, schema, entity)).ToArray();
                return row => Array.Exists(some, holds => holds(row));
            case FieldCondition field:
                var path = field.Path.Split('.');
                var type = schema.Resolve(entity, field.Path);
                if (schema.Children(entity, field.Path) is not null) return OfChildren(field, path, type);
                var holds = Compile(field, type);
                return row => holds(ValueAt(row, path));
            default:
                return _ => false;
        }
    }

    /// <summary>The value at the end of a path; null where a parent is missing.</summary>
    public static object? ValueAt(IReadOnlyDictionary<string, object?> row, ReadOnlySpan<string> path)
    {
        object? at = row;
        foreach (var name in path)
        {
            if (at is not IReadOnlyDictionary<string, object?> parent || !parent.TryGetValue(name, out at)) return null;
        }

        return at;
    }

    /// <summary>The values at the end of a path: one, or one per row of a list of children; nulls are left out.</summary>
    public static IEnumerable<object> ValuesAt(IReadOnlyDictionary<string, object?> row, string[] path)
    {
        if (path.Length > 1 && row.GetValueOrDefault(path[0]) is IReadOnlyList<object?> children)
        {
            return children.OfType<IReadOnlyDictionary<string, object?>>().Select(child => ValueAt(child, path.AsSpan(1))).OfType<object>();
        }

        return ValueAt(row, path) is { } value ? [value] : [];
    }

    /// <summary>A text that is equal for values the vendor takes as equal; null for null.</summary>
    public static string? Key(FieldDescriptor? field, object? value)
    {
        if (value is null) return null;
        if (field?.Search == SearchForm.PhoneSpellings && value is string phone)
        {
            var digits = string.Concat(phone.Where(char.IsAsciiDigit));
            return digits.Length < 4 ? phone.ToUpperInvariant() : digits[^4..];
        }

        return field?.Type.Kind switch
        {
            FieldKind.Id => value is string id && id.Length >= 15 ? id[..15] : value.ToString(),
            FieldKind.Integer or FieldKind.Number or FieldKind.Decimal => SoqlLiteral.Of(field.Type, value) is { } number && decimal.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out var exact) ? exact.ToString("0.############################", System.Globalization.CultureInfo.InvariantCulture) : null,
            FieldKind.Boolean or FieldKind.Date or FieldKind.Instant or FieldKind.Duration => SoqlLiteral.Of(field.Type, value),
            _ => SoqlLiteral.PlainText(value)?.ToUpperInvariant(),
        };
    }

    /// <summary>Orders two values as the vendor does; null when they cannot be ordered.</summary>
    public static int? Compare(object? a, object? b) => (a, b) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        (DateOnly x, DateOnly y) => x.CompareTo(y),
        (DateTimeOffset x, DateTimeOffset y) => x.CompareTo(y),
        (TimeSpan x, TimeSpan y) => x.CompareTo(y),
        (bool x, bool y) => x.CompareTo(y),
        _ when Number(a) is { } x && Number(b) is { } y => x.CompareTo(y),
        (string x, string y) => string.Compare(x, y, StringComparison.OrdinalIgnoreCase),
        _ => null,
    };

    // Some child fits; excluded, and empty, means that none does.
    private static Func<IReadOnlyDictionary<string, object?>, bool> OfChildren(FieldCondition condition, string[] path, FieldDescriptor? field)
    {
        var (inside, without) = ChildConditions.Inside(condition);
        var holds = Compile((FieldCondition)inside, field);
        return row => ValuesAt(row, path).Any(holds) != without;
    }

    private static Func<object?, bool> Compile(FieldCondition condition, FieldDescriptor? field)
    {
        switch (condition.Operator)
        {
            case Comparison.In:
                return OneOf(condition, field);
            case Comparison.NotIn:
                var excluded = OneOf(condition, field);
                return held => !excluded(held);
            case Comparison.IsNull:
                return held => held is null or "";
            case Comparison.IsNotNull:
                return held => held is not (null or "");
            case Comparison.Like:
                return held => SoqlLiteral.PlainText(held) is { } text && SoqlLiteral.PlainText(condition.Values[0]) is { } pattern && Like(text, pattern);
            default:
                var asked = Typed(field, condition.Values[0]);
                return held => held is not null && Compare(held, asked) is { } order && condition.Operator switch
                {
                    Comparison.Greater => order > 0,
                    Comparison.GreaterOrEqual => order >= 0,
                    Comparison.Less => order < 0,
                    _ => order <= 0,
                };
        }
    }

    private static Func<object?, bool> OneOf(FieldCondition condition, FieldDescriptor? field)
    {
        if (field?.Search == SearchForm.PhoneSpellings)
        {
            var phones = condition.Values.OfType<string>().ToArray();
            return held => held is string text && Array.Exists(phones, asked => PhoneSpellings.Same(asked, text));
        }

        var keys = condition.Values.Select(v => Key(field, v)).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return held => Key(field, held) is { } key && keys.Contains(key);
    }

    // A condition may hold the text of a day or moment; rows hold the day itself.
    private static object Typed(FieldDescriptor? field, object value) => (field?.Type.Kind, value) switch
    {
        (FieldKind.Date, string s) when DateOnly.TryParseExact(s, "yyyy-MM-dd", out var day) => day,
        (FieldKind.Instant, string s) when SalesforceTime.TryInstant(s, out var instant) => instant,
        (FieldKind.Integer or FieldKind.Number or FieldKind.Decimal, string s) when decimal.TryParse(s, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        _ => value,
    };

    private static decimal? Number(object? value) => value switch
    {
        long l => l,
        decimal d => d,
        double d when double.IsFinite(d) && Math.Abs(d) < 7.9e27 => (decimal)d,
        _ => null,
    };

    // '%' is any text, '_' any one character; the usual two-finger walk, linear in memory and without backtracking over more than one '%'.
    private static bool Like(string text, string pattern)
    {
        int t = 0, p = 0, star = -1, from = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                star = p++;
                from = t;
            }
            else if (p < pattern.Length && (pattern[p] == '_' || char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(text[t])))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++from;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '%') p++;
        return p == pattern.Length;
    }
}
