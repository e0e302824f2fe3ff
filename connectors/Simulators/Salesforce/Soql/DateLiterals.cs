using System.Globalization;

namespace WorkflowEngine.Simulators.Salesforce.Soql;

/// <summary>Named spans of time, in UTC: the simulated user lives there.</summary>
internal static class DateLiterals
{
    public static Span? Find(string word, DateTimeOffset now)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            return int.TryParse(word.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n <= 36_500
                ? word[..colon].ToUpperInvariant() switch
                {
                    "LAST_N_DAYS" => new Span(today.AddDays(-n), today.AddDays(1)),
                    "NEXT_N_DAYS" => new Span(today.AddDays(1), today.AddDays(n + 1)),
                    "N_DAYS_AGO" => new Span(today.AddDays(-n), today.AddDays(1 - n)),
                    _ => null,
                }
                : null;
        }

        var month = today.AddDays(1 - today.Day);
        var year = new DateTimeOffset(today.Year, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return word.ToUpperInvariant() switch
        {
            "TODAY" => new Span(today, today.AddDays(1)),
            "YESTERDAY" => new Span(today.AddDays(-1), today),
            "TOMORROW" => new Span(today.AddDays(1), today.AddDays(2)),
            "THIS_MONTH" => new Span(month, month.AddMonths(1)),
            "LAST_MONTH" => new Span(month.AddMonths(-1), month),
            "NEXT_MONTH" => new Span(month.AddMonths(1), month.AddMonths(2)),
            "THIS_YEAR" => new Span(year, year.AddYears(1)),
            "LAST_YEAR" => new Span(year.AddYears(-1), year),
            "NEXT_YEAR" => new Span(year.AddYears(1), year.AddYears(2)),
            "LAST_90_DAYS" => new Span(today.AddDays(-90), today.AddDays(1)),
            "NEXT_90_DAYS" => new Span(today.AddDays(1), today.AddDays(91)),
            _ => null,
        };
    }
}
