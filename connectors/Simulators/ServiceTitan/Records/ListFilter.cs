using System.Globalization;
using System.Text.RegularExpressions;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>
/// One parameter of a list. Notation <c>parameter operator member</c>: <c>=</c> equal, <c>~</c> contains whatever the case, <c>,</c> any of up to 50 with commas,
/// <c>+</c> any of the values of the repeated parameter, and the comparisons.
/// </summary>
internal sealed partial record ListFilter(string Parameter, string Operator, string Member)
{
    public static IReadOnlyList<ListFilter> Of(string text) =>
        [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(part =>
        {
            var match = Form().Match(part);
            return match.Success ? new ListFilter(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value is { Length: > 0 } member ? member : match.Groups[1].Value)
                : throw new InvalidOperationException($"'{part}' is no filter.");
        })];

    /// <summary>The rows that pass; null when the parameter was not given.</summary>
    public Func<object?, bool>? Test(ListQuery query)
    {
        if (Operator == "+")
        {
            var all = query.All(Parameter);
            return all.Count == 0 ? null : value => all.Any(one => Same(value, one));
        }

        if (query.Text(Parameter) is not { } text)
        {
            return null;
        }

        switch (Operator)
        {
            case "=":
                return value => value is IEnumerable<object?> ? ((IEnumerable<object?>)value).Any(v => Same(v, text)) : Same(value, text);
            case "~":
                return value => value is string own && own.Contains(text, StringComparison.OrdinalIgnoreCase);
            case ",":
                var wanted = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                if (wanted.Length > 50)
                {
                    throw ServiceTitanErrors.Invalid(Parameter, "The list cannot have more than 50 items.");
                }

                return value => value is IEnumerable<object?>
                    ? ((IEnumerable<object?>)value).Any(v => wanted.Any(w => Same(v, w)))
                    : wanted.Any(w => Same(value, w));
            default:
                if (ListQuery.TryInstant(text, out var instant))
                {
                    return value => value is DateTimeOffset own && Holds(own.CompareTo(instant));
                }

                var number = decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n
                    : throw ServiceTitanErrors.Invalid(Parameter, $"The value '{text}' is not valid for {char.ToUpperInvariant(Parameter[0])}{Parameter[1..]}.");
                return value => value switch
                {
                    decimal own => Holds(own.CompareTo(number)),
                    long own => Holds(((decimal)own).CompareTo(number)),
                    double own => Holds(((decimal)own).CompareTo(number)),
                    _ => false,
                };
        }
    }

    private bool Holds(int order) => Operator switch
    {
        ">=" => order >= 0,
        "<" => order < 0,
        ">" => order > 0,
        _ => order <= 0,
    };

    private static bool Same(object? value, string text) => value switch
    {
        string own => own.Equals(text, StringComparison.OrdinalIgnoreCase),
        bool own => bool.TryParse(text, out var flag) && flag == own,
        long own => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number == own,
        decimal own => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == own,
        _ => false,
    };

    [GeneratedRegex(@"^([\w.]+)(>=|<=|=|~|,|\+|>|<)([\w.]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
