using System.Globalization;
using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Expressions.Library;

/// <summary>Exact numbers. A double is taken by the digits it shows.</summary>
internal static class Money
{
    public static decimal Of(object? value, string function) => value switch
    {
        decimal d => d,
        long l => l,
        double d when decimal.TryParse(d.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) => exact,
        string s when decimal.TryParse(s.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exact) => exact,
        null => throw new ExpressionFault(EvaluationErrorKind.Null, $"{function} needs an amount, but it is null."),
        string => throw ExpressionFault.Wrong($"{function} needs a decimal number, but the text is none."),
        _ => throw ExpressionFault.Wrong($"{function} needs a decimal, a whole number or decimal text."),
    };

    public static decimal Sum(object? values)
    {
        var sum = 0m;
        foreach (var value in values as IReadOnlyList<object?> ?? [])
        {
            if (value is not null)
            {
                sum += Of(value, "money.sum");
            }
        }

        return sum;
    }

    public static decimal Round(decimal value, object? digits)
    {
        var places = digits is long l ? l : 2;
        return places is >= 0 and <= 28
            ? decimal.Round(value, (int)places, MidpointRounding.AwayFromZero)
            : throw ExpressionFault.Wrong("money.round takes 0 to 28 digits.");
    }

    public static string Text(object? value) => Of(value, "money.text").ToString(CultureInfo.InvariantCulture);
}
