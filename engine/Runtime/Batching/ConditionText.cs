using System.Globalization;
using System.Text;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>A condition as text: its shape (without values) decides what may share a query, its whole what is the same question.</summary>
public static class ConditionText
{
    /// <summary>Equal in both: the same question.</summary>
    public static (string Shape, string Whole) Of(Condition condition)
    {
        var shape = new StringBuilder();
        var whole = new StringBuilder();
        Write(condition, shape, whole);
        return (shape.ToString(), whole.ToString());
    }

    private static void Write(Condition condition, StringBuilder shape, StringBuilder whole)
    {
        switch (condition)
        {
            case FieldCondition field:
                shape.Append(field.Path).Append(' ').Append((int)field.Operator);
                foreach (var value in field.Values)
                {
                    var text = value as string ?? Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
                    whole.Append(text.Length).Append(':').Append(text).Append('|');
                }

                whole.Append(';');
                break;
            case AllOf all:
                Parts('&', all.Parts, shape, whole);
                break;
            case AnyOf any:
                Parts('|', any.Parts, shape, whole);
                break;
        }
    }

    private static void Parts(char sign, IReadOnlyList<Condition> parts, StringBuilder shape, StringBuilder whole)
    {
        shape.Append(sign).Append('(');
        foreach (var part in parts)
        {
            Write(part, shape, whole);
            shape.Append(',');
        }

        shape.Append(')');
    }
}
