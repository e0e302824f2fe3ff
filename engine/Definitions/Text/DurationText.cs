using System.Globalization;

namespace WorkflowEngine.Definitions;

/// <summary>Durations as authors write them: whole numbers with a unit, largest first: <c>30s</c>, <c>15m</c>, <c>1h30m</c>, <c>-35d</c>. Units: w d h m s ms.</summary>
public static class DurationText
{
    private static readonly (string Unit, TimeSpan Size)[] Units =
    [
        ("w", TimeSpan.FromDays(7)), ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)), ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    /// <summary>False for anything else, and for what is longer than 100 years.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan();
        var negative = rest.Length > 0 && rest[0] == '-';
        if (negative)
        {
            rest = rest[1..];
        }

        var sum = 0d;
        var next = 0;
        if (rest.IsEmpty)
        {
            return false;
        }

        while (!rest.IsEmpty)
        {
            var digits = 0;
            while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
            {
                digits++;
            }

            var letters = digits;
            while (letters < rest.Length && char.IsAsciiLetterLower(rest[letters]))
            {
                letters++;
            }

            var unit = rest[digits..letters].ToString();
            var index = Array.FindIndex(Units, u => u.Unit == unit);
            if (digits is 0 or > 9 || index < next || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
            {
                return false;
            }

            sum += amount * Units[index].Size.TotalMilliseconds;
            next = index + 1;
            rest = rest[letters..];
        }

        if (sum > 36525d * 24 * 3600 * 1000)
        {
            return false;
        }

        duration = TimeSpan.FromMilliseconds(negative ? -sum : sum);
        return true;
    }
}
