using System.Globalization;
using System.Text;
using WorkflowEngine.Expressions.Execution;
using WorkflowEngine.Expressions.Execution.Values;

namespace WorkflowEngine.Expressions.Library;

internal static class TextFunctions
{
    public static string Of(object value) => value switch
    {
        string s => s,
        bool b => b ? "true" : "false",
        long l => l.ToString(CultureInfo.InvariantCulture),
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        decimal or DateOnly or DateTimeOffset or TimeSpan => OpaqueValue.TextOf(value),
        _ => throw ExpressionFault.Wrong("text.of takes one plain value."),
    };

    public static string Truncate(string text, object? length)
    {
        var most = length switch
        {
            long l and >= 0 => (int)Math.Min(l, int.MaxValue),
            _ => throw ExpressionFault.Wrong("text.truncate needs a length of 0 or more."),
        };
        if (text.Length <= most)
        {
            return text;
        }

        return most > 0 && char.IsHighSurrogate(text[most - 1]) ? text[..(most - 1)] : text[..most];
    }

    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c))
            {
                line.Append(c);
            }
            else if (line.Length > 0 && line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd();
    }
}
