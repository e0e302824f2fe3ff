using Jint.Native;
using Jint.Runtime;
using WorkflowEngine.Expressions.Execution.Values;

namespace WorkflowEngine.Expressions.Execution.Hosting;

internal static partial class ListFunctions
{
    private static JsArray Empty(Sandbox sandbox) => new(sandbox.Engine, []);

    private static JsArray Distinct(Sandbox sandbox, JsValue? list)
    {
        if (list is null)
        {
            return Empty(sandbox);
        }

        var seen = new HashSet<object>();
        var items = new List<JsValue>();
        var count = list.Count();
        sandbox.Budget.Step(count);
        for (var i = 0; i < count; i++)
        {
            var item = list.Item(i);
            if (seen.Add(Key(item)))
            {
                items.Add(item);
            }
        }

        return new JsArray(sandbox.Engine, [.. items]);
    }

    /// <summary>What stands for a value in sets and groups: equal values have equal keys.</summary>
    private static object Key(JsValue value) => value switch
    {
        JsString s => s.ToString(),
        JsNumber n => TypeConverter.ToNumber(n),
        JsBoolean b => TypeConverter.ToBoolean(b),
        OpaqueValue o => o.Value,
        RecordValue r => r.Record,
        ListValue l => l.List,
        _ => value.IsAbsent() ? DBNull.Value : value,
    };

    private static JsArray GroupBy(Sandbox sandbox, JsValue? list, JsValue by)
    {
        if (list is null)
        {
            return Empty(sandbox);
        }

        RequireFunction(by, "list.groupBy");
        var groups = new Dictionary<object, (JsValue Key, List<JsValue> Items)>();
        var order = new List<object>();
        var count = list.Count();
        for (var i = 0; i < count; i++)
        {
            var item = list.Item(i);
            var key = Call(sandbox, by, list, i);
            var found = Key(key);
            if (!groups.TryGetValue(found, out var group))
            {
                groups[found] = group = (key.IsAbsent() ? JsValue.Null : key, []);
                order.Add(found);
            }

            group.Items.Add(item);
        }

        return new JsArray(sandbox.Engine, [.. order.Select(o =>
        {
            var group = new JsObject(sandbox.Engine);
            group.FastSetDataProperty("key", groups[o].Key);
            group.FastSetDataProperty("items", new JsArray(sandbox.Engine, [.. groups[o].Items]));
            return (JsValue)group;
        })]);
    }

    private static JsArray Compact(Sandbox sandbox, JsValue? list)
    {
        if (list is null)
        {
            return Empty(sandbox);
        }

        var items = new List<JsValue>();
        var count = list.Count();
        sandbox.Budget.Step(count);
        for (var i = 0; i < count; i++)
        {
            var item = list.Item(i);
            if (!item.IsAbsent() && item is not JsString { Length: 0 })
            {
                items.Add(item);
            }
        }

        return new JsArray(sandbox.Engine, [.. items]);
    }

    private static JsArray SortBy(Sandbox sandbox, JsValue? list, JsValue by, bool descending)
    {
        if (list is null)
        {
            return Empty(sandbox);
        }

        RequireFunction(by, "list.sortBy");
        var count = list.Count();
        var keyed = new (JsValue Item, JsValue Key)[count];
        for (var i = 0; i < count; i++)
        {
            var item = list.Item(i);
            keyed[i] = (item, Call(sandbox, by, list, i));
        }

        // n log n comparisons, charged as a whole.
        sandbox.Budget.Step(count * (int)Math.Ceiling(Math.Log2(count + 2)));
        var order = Comparer<JsValue>.Create((a, b) => (a.IsAbsent(), b.IsAbsent()) switch
        {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => -1,
            _ => descending ? Compare(b, a, "list.sortBy") : Compare(a, b, "list.sortBy"),
        });
        return new JsArray(sandbox.Engine, [.. keyed.OrderBy(k => k.Key, order).Select(k => k.Item)]);
    }

    private static int Compare(JsValue a, JsValue b, string function) => (a, b) switch
    {
        (JsNumber x, JsNumber y) => TypeConverter.ToNumber(x).CompareTo(TypeConverter.ToNumber(y)),
        (JsString x, JsString y) => string.CompareOrdinal(x.ToString(), y.ToString()),
        (JsBoolean x, JsBoolean y) => TypeConverter.ToBoolean(x).CompareTo(TypeConverter.ToBoolean(y)),
        (OpaqueValue { Value: decimal x }, OpaqueValue { Value: decimal y }) => x.CompareTo(y),
        (OpaqueValue { Value: DateOnly x }, OpaqueValue { Value: DateOnly y }) => x.CompareTo(y),
        (OpaqueValue { Value: DateTimeOffset x }, OpaqueValue { Value: DateTimeOffset y }) => x.CompareTo(y),
        (OpaqueValue { Value: TimeSpan x }, OpaqueValue { Value: TimeSpan y }) => x.CompareTo(y),
        _ => throw ExpressionFault.Wrong($"{function} cannot compare {Arguments.Kind(a)} with {Arguments.Kind(b)}."),
    };

    private static JsNumber Sum(Sandbox sandbox, JsValue? list, JsValue of)
    {
        var sum = 0d;
        var count = list?.Count() ?? 0;
        for (var i = 0; i < count; i++)
        {
            var value = of.IsAbsent() ? list!.Item(i) : Call(sandbox, of, list!, i);
            if (value is JsNumber n)
            {
                sum += TypeConverter.ToNumber(n);
            }
            else if (!value.IsAbsent())
            {
                throw ExpressionFault.Wrong(value is OpaqueValue { Value: decimal }
                    ? "list.sum adds plain numbers: use money.sum for decimals."
                    : $"list.sum adds numbers, not {Arguments.Kind(value)}.");
            }
        }

        return JsNumber.Create(sum);
    }

    private static JsString Join(Sandbox sandbox, JsValue? list, JsValue separator)
    {
        var between = separator.IsAbsent() ? ", " : separator.Text("list.join");
        var parts = new List<string>();
        var count = list?.Count() ?? 0;
        sandbox.Budget.Step(count);
        var length = 0L;
        for (var i = 0; i < count; i++)
        {
            var item = list!.Item(i);
            if (!item.IsAbsent())
            {
                var part = Arguments.Shown(item);
                length += part.Length + between.Length;
                parts.Add(part);
            }
        }

        sandbox.Budget.Text(length);
        return JsString.Create(string.Join(between, parts));
    }

    private static JsValue Best(Sandbox sandbox, JsValue? list, JsValue by, int sign)
    {
        if (list is null)
        {
            return JsValue.Null;
        }

        var name = sign < 0 ? "list.minBy" : "list.maxBy";
        RequireFunction(by, name);
        var (best, bestKey) = (JsValue.Null, JsValue.Null);
        var count = list.Count();
        for (var i = 0; i < count; i++)
        {
            var item = list.Item(i);
            var key = Call(sandbox, by, list, i);
            if (!key.IsAbsent() && (bestKey.IsAbsent() || Compare(key, bestKey, name) * sign > 0))
            {
                (best, bestKey) = (item, key);
            }
        }

        return best;
    }
}
