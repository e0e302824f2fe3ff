using Jint.Native;
using Jint.Runtime;

namespace WorkflowEngine.Expressions.Execution.Hosting;

/// <summary>The methods of text: plain parts only, never patterns; by code unit and without any culture.</summary>
internal static class TextMethods
{
    public static IEnumerable<(string, HostFunction)> All { get; } =
    [
        ("m_trim", (_, a) => JsString.Create(Receiver(a, "trim").Trim())),
        ("m_trimStart", (_, a) => JsString.Create(Receiver(a, "trimStart").TrimStart())),
        ("m_trimEnd", (_, a) => JsString.Create(Receiver(a, "trimEnd").TrimEnd())),
        ("m_toLowerCase", (s, a) => Built(s, Receiver(a, "toLowerCase").ToLowerInvariant())),
        ("m_toUpperCase", (s, a) => Built(s, Receiver(a, "toUpperCase").ToUpperInvariant())),
        ("m_startsWith", (_, a) => Boolean(Receiver(a, "startsWith").StartsWith(a.At(2).Text("startsWith"), StringComparison.Ordinal))),
        ("m_endsWith", (_, a) => Boolean(Receiver(a, "endsWith").EndsWith(a.At(2).Text("endsWith"), StringComparison.Ordinal))),
        ("m_split", Split),
        ("part", Part),
        ("m_replace", (s, a) => Replace(s, a, false)),
        ("m_replaceAll", (s, a) => Replace(s, a, true)),
        ("m_padStart", (s, a) => Pad(s, a, true)),
        ("m_padEnd", (s, a) => Pad(s, a, false)),
    ];

    public static JsValue Includes(JsString text, JsValue[] arguments) =>
        Boolean(text.ToString().Contains(arguments.At(2).Text("includes"), StringComparison.Ordinal));

    public static JsValue IndexOf(JsString text, JsValue[] arguments) =>
        JsNumber.Create(text.ToString().IndexOf(arguments.At(2).Text("indexOf"), StringComparison.Ordinal));

    public static JsValue Slice(Sandbox sandbox, JsString text, JsValue[] arguments)
    {
        var (start, end) = ListFunctions.Range(text.Length, arguments.At(2), arguments.At(3));
        sandbox.Budget.Text(end - start);
        return JsString.Create(text.ToString()[start..end]);
    }

    public static JsValue At(JsString text, JsValue[] arguments)
    {
        var position = arguments.At(2).Integer("at");
        var at = position < 0 ? text.Length + position : position;
        return at >= 0 && at < text.Length ? JsString.Create(text[at].ToString()) : JsValue.Null;
    }

    private static string Receiver(JsValue[] arguments, string method)
    {
        var value = arguments.At(1);
        return value is JsString s ? s.ToString()
            : value.IsAbsent() ? throw new ExpressionFault(EvaluationErrorKind.Null, $"Null has no .{method}(): write ?. before it.")
            : throw ExpressionFault.Wrong($".{method}() is a method of text, not of {Arguments.Kind(value)}.");
    }

    private static JsBoolean Boolean(bool value) => value ? JsBoolean.True : JsBoolean.False;

    private static JsString Built(Sandbox sandbox, string text)
    {
        sandbox.Budget.Text(text.Length);
        return JsString.Create(text);
    }

    private static JsValue Split(Sandbox sandbox, JsValue[] arguments)
    {
        var text = Receiver(arguments, "split");
        var by = arguments.At(2).Text("split");
        sandbox.Budget.Text(text.Length);
        sandbox.Budget.Step(by.Length == 0 ? text.Length : text.Length / Math.Max(1, by.Length));
        var parts = by.Length == 0 ? [.. text.Select(c => c.ToString())] : text.Split(by);
        var items = new JsValue[parts.Length];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = JsString.Create(parts[i]);
        }

        return new JsArray(sandbox.Engine, items);
    }

    /// <summary><c>text.split(by)[position]</c></summary>
    private static JsValue Part(Sandbox sandbox, JsValue[] arguments)
    {
        var text = Receiver(arguments, "split");
        var by = arguments.At(2).Text("split");
        var position = TypeConverter.ToNumber(arguments.At(3));
        sandbox.Budget.Text(text.Length);
        return Part(text, by, position) is { } part ? JsString.Create(part) : JsValue.Null;
    }

    public static string? Part(string text, string by, double position)
    {
        if (position < 0 || position > text.Length || position != Math.Floor(position))
        {
            return null;
        }

        if (by.Length == 0)
        {
            return position < text.Length ? text[(int)position].ToString() : null;
        }

        var rest = text.AsSpan();
        for (var before = (int)position; before > 0; before--)
        {
            var next = rest.IndexOf(by, StringComparison.Ordinal);
            if (next < 0)
            {
                return null;
            }

            rest = rest[(next + by.Length)..];
        }

        var end = rest.IndexOf(by, StringComparison.Ordinal);
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    private static JsString Replace(Sandbox sandbox, JsValue[] arguments, bool all)
    {
        var name = all ? "replaceAll" : "replace";
        var text = Receiver(arguments, name);
        var (part, by) = (arguments.At(2).Text(name), arguments.At(3).Text(name));
        if (part.Length == 0)
        {
            throw ExpressionFault.Wrong($"{name} needs a part to look for.");
        }

        if (!all)
        {
            var at = text.IndexOf(part, StringComparison.Ordinal);
            return at < 0 ? JsString.Create(text) : Built(sandbox, string.Concat(text.AsSpan(0, at), by, text.AsSpan(at + part.Length)));
        }

        var found = 0L;
        for (var at = text.IndexOf(part, StringComparison.Ordinal); at >= 0; at = text.IndexOf(part, at + part.Length, StringComparison.Ordinal))
        {
            found++;
        }

        sandbox.Budget.Text(text.Length + (found * Math.Max(0, by.Length - part.Length)));
        return JsString.Create(text.Replace(part, by, StringComparison.Ordinal));
    }

    private static JsString Pad(Sandbox sandbox, JsValue[] arguments, bool start)
    {
        var name = start ? "padStart" : "padEnd";
        var text = Receiver(arguments, name);
        var length = arguments.At(2).Integer(name);
        var by = arguments.At(3).IsAbsent() ? " " : arguments.At(3).Text(name);
        if (length <= text.Length || by.Length == 0)
        {
            return JsString.Create(text);
        }

        sandbox.Budget.Text(length);
        var fill = string.Create(length - text.Length, by, (span, unit) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = unit[i % unit.Length];
            }
        });
        return JsString.Create(start ? fill + text : text + fill);
    }
}
