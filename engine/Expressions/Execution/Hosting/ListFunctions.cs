using Jint;
using Jint.Native;
using Jint.Runtime;
using WorkflowEngine.Expressions.Execution.Values;

namespace WorkflowEngine.Expressions.Execution.Hosting;

/// <summary>The methods of lists and the functions of <c>list.*</c>: each item is charged before it is looked at.</summary>
internal static partial class ListFunctions
{
    public static IEnumerable<(string, HostFunction)> Methods { get; } =
    [
        ("m_map", (s, a) => Map(s, Receiver(a, "map"), a.At(2))),
        ("m_flatMap", (s, a) => FlatMap(s, Receiver(a, "flatMap"), a.At(2))),
        ("m_filter", (s, a) => Filter(s, Receiver(a, "filter"), a.At(2))),
        ("m_find", (s, a) => Find(s, Receiver(a, "find"), a.At(2), false)),
        ("m_some", (s, a) => Boolean(Any(s, Receiver(a, "some"), a.At(2), true))),
        ("m_every", (s, a) => Boolean(!Any(s, Receiver(a, "every"), a.At(2), false))),
        ("m_includes", (s, a) => a.At(1) is JsString text ? TextMethods.Includes(text, a) : Boolean(IndexOf(s, Receiver(a, "includes"), a.At(2)) >= 0)),
        ("m_indexOf", (s, a) => a.At(1) is JsString text ? TextMethods.IndexOf(text, a) : JsNumber.Create(IndexOf(s, Receiver(a, "indexOf"), a.At(2)))),
        ("m_slice", (s, a) => a.At(1) is JsString text ? TextMethods.Slice(s, text, a) : Slice(s, Receiver(a, "slice"), a.At(2), a.At(3))),
        ("m_at", (s, a) => a.At(1) is JsString text ? TextMethods.At(text, a) : At(Receiver(a, "at"), a.At(2).Integer("at"))),
        ("m_concat", Concat),
    ];

    public static IEnumerable<(string, HostFunction)> Library { get; } =
    [
        ("list.first", (s, a) => a.At(1).List("list.first") is { } l ? Find(s, l, a.At(2), false) : JsValue.Null),
        ("list.last", (s, a) => a.At(1).List("list.last") is { } l ? Find(s, l, a.At(2), true) : JsValue.Null),
        ("list.count", (s, a) => JsNumber.Create(a.At(1).List("list.count") is { } l ? a.At(2).IsAbsent() ? l.Count() : Filter(s, l, a.At(2)).Count() : 0)),
        ("list.distinct", (s, a) => Distinct(s, a.At(1).List("list.distinct"))),
        ("list.groupBy", (s, a) => GroupBy(s, a.At(1).List("list.groupBy"), a.At(2))),
        ("list.compact", (s, a) => Compact(s, a.At(1).List("list.compact"))),
        ("list.sortBy", (s, a) => SortBy(s, a.At(1).List("list.sortBy"), a.At(2), a.At(3) is JsBoolean d && TypeConverter.ToBoolean(d))),
        ("list.sum", (s, a) => Sum(s, a.At(1).List("list.sum"), a.At(2))),
        ("list.join", (s, a) => Join(s, a.At(1).List("list.join"), a.At(2))),
        ("list.minBy", (s, a) => Best(s, a.At(1).List("list.minBy"), a.At(2), -1)),
        ("list.maxBy", (s, a) => Best(s, a.At(1).List("list.maxBy"), a.At(2), 1)),
    ];

    private static JsValue Receiver(JsValue[] arguments, string method)
    {
        var value = arguments.At(1);
        return value.IsList() ? value
            : value.IsAbsent() ? throw new ExpressionFault(EvaluationErrorKind.Null, $"Null has no .{method}(): write ?. before it.")
            : throw ExpressionFault.Wrong($".{method}() is a method of a list, not of {Arguments.Kind(value)}.");
    }

    private static JsBoolean Boolean(bool value) => value ? JsBoolean.True : JsBoolean.False;

    /// <summary>The callback for the item at a position; the item itself is made only when the engine has to look at it.</summary>
    private static JsValue Call(Sandbox sandbox, JsValue function, JsValue list, int position)
    {
        sandbox.Budget.Step(1);
        if (function is not RecordCallback callback)
        {
            return sandbox.CallBack(function, list.Item(position), position);
        }

        if (list is ListValue records && callback.Evaluate(records, position) is var value && !ReferenceEquals(value, DirectExpression.Undecided))
        {
            return sandbox.ToJs(value, records.Depth + 2);
        }

        return sandbox.CallBack(callback.Scripted, list.Item(position), position);
    }

    /// <summary>Whether the condition holds for the item at a position.</summary>
    private static bool Holds(Sandbox sandbox, JsValue condition, JsValue list, int position) => TypeConverter.ToBoolean(Call(sandbox, condition, list, position));

    private static void RequireFunction(JsValue function, string name)
    {
        if (function is not RecordCallback && !function.IsCallable())
        {
            throw ExpressionFault.Wrong($"{name} needs a function, not {Arguments.Kind(function)}.");
        }
    }

    private static JsArray Map(Sandbox sandbox, JsValue list, JsValue each)
    {
        RequireFunction(each, "map");
        var count = list.Count();
        sandbox.Budget.Step(count);
        var items = new JsValue[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = Call(sandbox, each, list, i);
        }

        return new JsArray(sandbox.Engine, items);
    }

    private static JsArray FlatMap(Sandbox sandbox, JsValue list, JsValue each)
    {
        RequireFunction(each, "flatMap");
        var count = list.Count();
        var items = new List<JsValue>(count);
        for (var i = 0; i < count; i++)
        {
            var part = Call(sandbox, each, list, i);
            if (!part.IsList())
            {
                items.Add(part);
                continue;
            }

            var own = part.Count();
            sandbox.Budget.Step(own);
            for (var j = 0; j < own; j++)
            {
                items.Add(part.Item(j));
            }
        }

        return new JsArray(sandbox.Engine, [.. items]);
    }

    private static JsArray Filter(Sandbox sandbox, JsValue list, JsValue where)
    {
        RequireFunction(where, "filter");
        var count = list.Count();
        var items = new List<JsValue>();
        for (var i = 0; i < count; i++)
        {
            if (Holds(sandbox, where, list, i))
            {
                items.Add(list.Item(i));
            }
        }

        return new JsArray(sandbox.Engine, [.. items]);
    }

    private static JsValue Find(Sandbox sandbox, JsValue list, JsValue where, bool last)
    {
        var count = list.Count();
        if (where.IsAbsent())
        {
            return count == 0 ? JsValue.Null : list.Item(last ? count - 1 : 0);
        }

        RequireFunction(where, last ? "list.last" : "find");
        for (var i = 0; i < count; i++)
        {
            var position = last ? count - 1 - i : i;
            if (Holds(sandbox, where, list, position))
            {
                return list.Item(position);
            }
        }

        return JsValue.Null;
    }

    /// <summary>Whether the condition gives the wanted truth for some item.</summary>
    private static bool Any(Sandbox sandbox, JsValue list, JsValue where, bool wanted)
    {
        RequireFunction(where, wanted ? "some" : "every");
        var count = list.Count();
        for (var i = 0; i < count; i++)
        {
            if (Holds(sandbox, where, list, i) == wanted)
            {
                return true;
            }
        }

        return false;
    }

    private static int IndexOf(Sandbox sandbox, JsValue list, JsValue value)
    {
        var count = list.Count();
        sandbox.Budget.Step(count);
        for (var i = 0; i < count; i++)
        {
            if (CoreFunctions.Same(list.Item(i), value))
            {
                return i;
            }
        }

        return -1;
    }

    private static JsArray Slice(Sandbox sandbox, JsValue list, JsValue from, JsValue to)
    {
        var count = list.Count();
        var (start, end) = Range(count, from, to);
        sandbox.Budget.Step(end - start);
        var items = new JsValue[end - start];
        for (var i = start; i < end; i++)
        {
            items[i - start] = list.Item(i);
        }

        return new JsArray(sandbox.Engine, items);
    }

    public static (int Start, int End) Range(int count, JsValue from, JsValue to)
    {
        return Range(count, from.IsAbsent() ? 0 : from.Integer("slice"), to.IsAbsent() ? count : to.Integer("slice"));
    }

    public static (int Start, int End) Range(int count, int start, int end)
    {
        start = Math.Clamp(start < 0 ? count + start : start, 0, count);
        end = Math.Clamp(end < 0 ? count + end : end, start, count);
        return (start, end);
    }

    private static JsValue At(JsValue list, int position)
    {
        var count = list.Count();
        var at = position < 0 ? count + position : position;
        return at >= 0 && at < count ? list.Item(at) : JsValue.Null;
    }

    private static JsValue Concat(Sandbox sandbox, JsValue[] arguments)
    {
        var count = (long)Receiver(arguments, "concat").Count();
        for (var i = 2; i < arguments.Length; i++)
        {
            if (!arguments[i].IsList())
            {
                throw ExpressionFault.Wrong($"concat joins lists, not {Arguments.Kind(arguments[i])}.");
            }

            count += arguments[i].Count();
        }

        return CoreFunctions.Joined(sandbox, arguments, 1, count);
    }
}
