using Jint;
using Jint.Native;
using Jint.Runtime;
using WorkflowEngine.Expressions.Execution.Values;
using WorkflowEngine.Expressions.Syntax;

namespace WorkflowEngine.Expressions.Execution.Hosting;

/// <summary>What the script writer puts in place of operators that allocate, compare or reach.</summary>
internal static class CoreFunctions
{
    public static IEnumerable<(string, HostFunction)> All { get; } =
    [
        ("add", Add),
        ("str", Template),
        ("eq", Equal),
        ("at", Element),
        ("cat", Concatenate),
        ("native", Native),
    ];

    private static JsValue Native(Sandbox sandbox, JsValue[] arguments)
    {
        var position = arguments.At(1).Integer("native");
        return sandbox.Binding is { } mapping && position >= 0 && position < mapping.Natives.Count && arguments.At(2).IsCallable()
            ? new RecordCallback(sandbox, mapping.Natives[position], arguments.At(2))
            : throw ExpressionFault.Wrong("There is no such callback.");
    }

    private static JsValue Add(Sandbox sandbox, JsValue[] arguments)
    {
        var (left, right) = (arguments.At(1), arguments.At(2));
        if (left is JsNumber a && right is JsNumber b)
        {
            return JsNumber.Create(TypeConverter.ToNumber(a) + TypeConverter.ToNumber(b));
        }

        if (left is JsString || right is JsString)
        {
            var (one, two) = (Arguments.Shown(left), Arguments.Shown(right));
            sandbox.Budget.Text((long)one.Length + two.Length);
            return JsString.Create(one + two);
        }

        if (left is OpaqueValue || right is OpaqueValue)
        {
            throw ExpressionFault.Wrong(OpaqueValue.Complaint((left as OpaqueValue ?? (OpaqueValue)right).Value));
        }

        if (left.IsAbsent() || right.IsAbsent())
        {
            throw new ExpressionFault(EvaluationErrorKind.Null, "One side of + is null.");
        }

        throw ExpressionFault.Wrong($"+ works on two numbers or on text, not on {Arguments.Kind(left)} and {Arguments.Kind(right)}.");
    }

    private static JsValue Template(Sandbox sandbox, JsValue[] arguments)
    {
        if (arguments.Length == 2)
        {
            return arguments[1] as JsString ?? JsString.Create(Arguments.Shown(arguments[1]));
        }

        var parts = new string[arguments.Length - 1];
        var length = 0L;
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i] = Arguments.Shown(arguments[i + 1]);
            length += parts[i].Length;
        }

        sandbox.Budget.Text(length);
        return JsString.Create(string.Concat(parts));
    }

    private static JsValue Equal(Sandbox sandbox, JsValue[] arguments) => AreEqual(arguments.At(1), arguments.At(2)) ? JsBoolean.True : JsBoolean.False;

    public static bool AreEqual(JsValue left, JsValue right)
    {
        if (left.IsAbsent() || right.IsAbsent())
        {
            return left.IsAbsent() && right.IsAbsent();
        }

        if ((left as OpaqueValue ?? right as OpaqueValue) is { } opaque)
        {
            throw ExpressionFault.Wrong(opaque.Value is decimal
                ? "A decimal is exact: use money.compare(a, b) === 0 instead of ===."
                : "A date or instant knows no operators: use date.same instead of ===.");
        }

        return Same(left, right);
    }

    /// <summary>Equal values of our own functions, where exact numbers and days count by value.</summary>
    public static bool Same(JsValue left, JsValue right) => (left, right) switch
    {
        (JsString a, JsString b) => a.Equals(b),
        (JsNumber a, JsNumber b) => TypeConverter.ToNumber(a) == TypeConverter.ToNumber(b),
        (JsBoolean a, JsBoolean b) => TypeConverter.ToBoolean(a) == TypeConverter.ToBoolean(b),
        (OpaqueValue a, OpaqueValue b) => a.Value.Equals(b.Value),
        (RecordValue a, RecordValue b) => ReferenceEquals(a.Record, b.Record),
        (ListValue a, ListValue b) => ReferenceEquals(a.List, b.List),
        _ => ReferenceEquals(left, right) || (left.IsAbsent() && right.IsAbsent()),
    };

    private static JsValue Element(Sandbox sandbox, JsValue[] arguments)
    {
        var (target, key) = (arguments.At(1), arguments.At(2));
        if (target.IsAbsent())
        {
            throw new ExpressionFault(EvaluationErrorKind.Null, "A position of null was read.");
        }

        if (key is JsNumber number)
        {
            var position = TypeConverter.ToNumber(number);
            var whole = position >= 0 && position < int.MaxValue && position == Math.Floor(position);
            return target switch
            {
                JsString s => whole && position < s.Length ? JsString.Create(s[(int)position].ToString()) : JsValue.Null,
                ListValue or JsArray => whole ? target.Item((int)position) : JsValue.Null,
                _ => JsValue.Null,
            };
        }

        var name = key.Text("A field name");
        return ClosedSubset.IsForbiddenMember(name) ? throw ExpressionFault.Wrong($"The member '{name}' cannot be read.")
            : target is RecordValue or JsObject ? target.Get(key)
            : JsValue.Null;
    }

    private static JsValue Concatenate(Sandbox sandbox, JsValue[] arguments)
    {
        var count = 0L;
        for (var i = 1; i < arguments.Length; i++)
        {
            if (!arguments[i].IsList())
            {
                throw arguments[i].IsAbsent()
                    ? new ExpressionFault(EvaluationErrorKind.Null, "Null was spread into a list: write ...(list ?? []).")
                    : ExpressionFault.Wrong($"Only a list can be spread into a list, not {Arguments.Kind(arguments[i])}.");
            }

            count += arguments[i].Count();
        }

        return Joined(sandbox, arguments, 1, count);
    }

    public static JsValue Joined(Sandbox sandbox, JsValue[] lists, int from, long count)
    {
        sandbox.Budget.Step((int)Math.Min(count, int.MaxValue / 2));
        var items = new JsValue[count];
        var at = 0;
        for (var i = from; i < lists.Length; i++)
        {
            var own = lists[i].Count();
            for (var j = 0; j < own; j++)
            {
                items[at++] = lists[i].Item(j);
            }
        }

        return new JsArray(sandbox.Engine, items);
    }
}
