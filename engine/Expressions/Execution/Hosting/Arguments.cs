using Jint;
using Jint.Native;
using Jint.Runtime;
using WorkflowEngine.Expressions.Execution.Values;

namespace WorkflowEngine.Expressions.Execution.Hosting;

/// <summary>Reading what a script passed to a function of ours. Position 0 is the site.</summary>
internal static class Arguments
{
    public static JsValue At(this JsValue[] arguments, int position) => position < arguments.Length ? arguments[position] : JsValue.Undefined;

    public static bool IsAbsent(this JsValue value) => value.IsNull() || value.IsUndefined();

    public static bool IsList(this JsValue value) => value is ListValue or JsArray;

    public static int Count(this JsValue list) => list switch
    {
        ListValue l => l.List.Count,
        JsArray a => (int)Math.Min(a.Length, int.MaxValue),
        _ => 0,
    };

    public static JsValue Item(this JsValue list, int position) => list switch
    {
        ListValue l => l.At(position),
        JsArray a => position < a.Length ? a[position] : JsValue.Null,
        _ => JsValue.Null,
    };

    /// <summary>The list, or none for null; anything else is a mistake.</summary>
    public static JsValue? List(this JsValue value, string function)
    {
        if (value.IsList())
        {
            return value;
        }

        return value.IsAbsent() ? null : throw ExpressionFault.Wrong($"{function} works on a list, not on {Kind(value)}.");
    }

    public static int Integer(this JsValue value, string function)
    {
        var number = value is JsNumber n ? TypeConverter.ToNumber(n) : double.NaN;
        return double.IsNaN(number) ? throw ExpressionFault.Wrong($"{function} needs a whole number, not {Kind(value)}.")
            : (int)Math.Clamp(Math.Truncate(number), int.MinValue + 1, int.MaxValue);
    }

    public static string Text(this JsValue value, string function) =>
        value is JsString s ? s.ToString() : throw ExpressionFault.Wrong($"{function} needs text, not {Kind(value)}.");

    public static string Kind(JsValue value) => value switch
    {
        JsString => "text",
        JsNumber => "a number",
        JsBoolean => "a boolean",
        OpaqueValue { Value: decimal } => "a decimal",
        OpaqueValue { Value: DateOnly } => "a date",
        OpaqueValue { Value: DateTimeOffset } => "an instant",
        OpaqueValue { Value: TimeSpan } => "a duration",
        OpaqueValue o => o.Value.ToString()!,
        ListValue or JsArray => "a list",
        RecordCallback => "a function",
        _ => value.IsAbsent() ? "null" : value.IsCallable() ? "a function" : "an object",
    };

    /// <summary>The value as text in a template; null is empty.</summary>
    public static string Shown(JsValue value) => value switch
    {
        JsString s => s.ToString(),
        JsNumber n => n.ToString(),
        JsBoolean b => TypeConverter.ToBoolean(b) ? "true" : "false",
        OpaqueValue { Value: not FieldMarker } o => o.Text,
        _ => value.IsAbsent() ? "" : throw ExpressionFault.Wrong($"{Kind(value)} cannot be made text."),
    };
}
