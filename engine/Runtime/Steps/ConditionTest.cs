using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Whether a record in hand satisfies a condition: for <c>becomes</c> and for events that cover only some changes.</summary>
internal static class ConditionTest
{
    public static bool Holds(Condition condition, EntityDescriptor? entity, object? record)
    {
        switch (condition)
        {
            case AllOf all:
                foreach (var part in all.Parts)
                {
                    if (!Holds(part, entity, record)) return false;
                }

                return true;
            case AnyOf any:
                foreach (var part in any.Parts)
                {
                    if (Holds(part, entity, record)) return true;
                }

                return false;
            case FieldCondition field:
                var value = RecordPath.Read(record, field.Path);
                var descriptor = entity?.Field(field.Path) ?? new FieldDescriptor { Name = field.Path, Type = FieldType.Of(FieldKind.Any) };
                if (value is not IReadOnlyList<object?> list) return One(field, descriptor, value);
                if (field.Operator == Comparison.IsNull) return list.Count == 0;
                foreach (var item in list)
                {
                    if (One(field, descriptor, item)) return true;
                }

                return false;
            default:
                return false;
        }
    }

    private static bool One(FieldCondition field, FieldDescriptor descriptor, object? value)
    {
        var empty = FieldValues.IsEmpty(value);
        switch (field.Operator)
        {
            case Comparison.IsNull: return empty;
            case Comparison.IsNotNull: return !empty;
            case Comparison.In: return !empty && Any(field, descriptor, value);
            case Comparison.NotIn: return !Any(field, descriptor, value);
            case Comparison.Like: return !empty && Like((FieldValues.AsText(value!) ?? "").ToUpperInvariant(), field.Values[0].ToString()!.ToUpperInvariant());
        }

        if (empty || Compare(value!, field.Values[0]) is not { } order) return false;
        return field.Operator switch
        {
            Comparison.Greater => order > 0,
            Comparison.GreaterOrEqual => order >= 0,
            Comparison.Less => order < 0,
            _ => order <= 0,
        };
    }

    private static bool Any(FieldCondition field, FieldDescriptor descriptor, object? value)
    {
        foreach (var wanted in field.Values)
        {
            if (FieldComparison.Equal(descriptor, value, wanted)) return true;
        }

        return false;
    }

    /// <summary>The order of two values; null when they have none.</summary>
    public static int? Compare(object left, object right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (DateOnly a, DateOnly b) => a.CompareTo(b),
        (DateTimeOffset a, DateTimeOffset b) => a.CompareTo(b),
        (TimeSpan a, TimeSpan b) => a.CompareTo(b),
        (long or double or decimal, long or double or decimal) => Number(left).CompareTo(Number(right)),
        _ => null,
    };

    private static decimal Number(object value) => value switch
    {
        decimal exact => exact,
        long whole => whole,
        double number when Math.Abs(number) < 1e27 => (decimal)number,
        _ => decimal.MaxValue,
    };

    private static bool Like(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        int t = 0, p = 0, star = -1, mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && (pattern[p] == '_' || pattern[p] == text[t]))
            {
                t++;
                p++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
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
