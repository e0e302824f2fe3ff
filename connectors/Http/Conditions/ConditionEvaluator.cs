using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Does a record meet a condition? Used where the vendor cannot filter, to give shared rows back to their askers, and to notice filters the vendor ignored.</summary>
public sealed class ConditionEvaluator(IReadOnlyList<FieldDescriptor> fields)
{
    /// <summary>The fields conditions are about.</summary>
    public IReadOnlyList<FieldDescriptor> Fields { get; } = fields;

    /// <summary>Whether the record meets the condition.</summary>
    public bool Meets(Condition condition, IReadOnlyDictionary<string, object?> record) => Prepare(condition)(record);

    /// <summary>The condition as a predicate; prepare once for many records.</summary>
    public Func<IReadOnlyDictionary<string, object?>, bool> Prepare(Condition condition)
    {
        switch (condition)
        {
            case AllOf all:
                var every = all.Parts.Select(Prepare).ToArray();
                return record => Array.TrueForAll(every, part => part(record));
            case AnyOf any:
                var some = any.Parts.Select(Prepare).ToArray();
                return record => Array.Exists(some, part => part(record));
            case FieldCondition one when one.Path.Contains('|', StringComparison.Ordinal):
                // Alternative paths: one of them holds; excluded means excluded in all.
                var alternatives = one.Path.Split('|').Select(path => Prepare(one with { Path = path })).ToArray();
                return one.Operator is Comparison.NotIn or Comparison.IsNull
                    ? record => Array.TrueForAll(alternatives, part => part(record))
                    : record => Array.Exists(alternatives, part => part(record));
            case FieldCondition one:
                return Field(one);
            default:
                throw new InvalidOperationException($"Unknown condition {condition.GetType().Name}");
        }
    }

    private Func<IReadOnlyDictionary<string, object?>, bool> Field(FieldCondition condition)
    {
        var path = condition.Path;
        var field = RecordPath.Field(Fields, path);
        switch (condition.Operator)
        {
            case Comparison.In:
            case Comparison.NotIn:
                var wanted = condition.Values.Select(v => ValueComparison.Key(v, field)).ToHashSet(StringComparer.Ordinal);
                var found = condition.Operator == Comparison.In;
                return record => RecordPath.Values(record, path).Any(v => wanted.Contains(ValueComparison.Key(v, field))) == found;
            case Comparison.IsNull:
                return record => !RecordPath.Values(record, path).Any(Filled);
            case Comparison.IsNotNull:
                return record => RecordPath.Values(record, path).Any(Filled);
            case Comparison.Like:
                var pattern = condition.Values[0] as string ?? "";
                return record => RecordPath.Values(record, path).Any(v => v is string text && Like(text, pattern));
            default:
                var limit = condition.Values[0];
                return record => RecordPath.Values(record, path).Any(v => Ordered(ValueComparison.Compare(v, limit, field), condition.Operator));
        }
    }

    private static bool Filled(object value) => value is not string { Length: 0 };

    private static bool Ordered(int order, Comparison comparison) => comparison switch
    {
        Comparison.Greater => order > 0,
        Comparison.GreaterOrEqual => order >= 0,
        Comparison.Less => order < 0,
        _ => order <= 0,
    };

    // Whatever the case, as both vendors do; linear in text times pattern at worst.
    private static bool Like(string text, string pattern)
    {
        int t = 0, p = 0, star = -1, mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && (pattern[p] == '_' || char.ToUpperInvariant(pattern[p]) == char.ToUpperInvariant(text[t])))
            {
                p++;
                t++;
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
