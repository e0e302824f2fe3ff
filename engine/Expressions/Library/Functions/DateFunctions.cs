using System.Globalization;
using NodaTime;
using WorkflowEngine.Expressions.Execution;
using WorkflowEngine.Expressions.Execution.Values;

namespace WorkflowEngine.Expressions.Library;

/// <summary>Days, instants and zones; nothing here knows what time it is.</summary>
internal static class DateFunctions
{
    public static DateOnly Of(object at, string? zone)
    {
        switch (at)
        {
            case DateOnly day:
                return day;
            case string text when DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day):
                return day;
            default:
                var instant = NodaTime.Instant.FromDateTimeOffset(Instant(at));
                return zone is null
                    ? throw ExpressionFault.Wrong("date.of needs the time zone in which the day is counted.")
                    : instant.InZone(Zone(zone)).Date.ToDateOnly();
        }
    }

    public static DateTimeOffset At(object day, string time, string zone)
    {
        if (!TimeOnly.TryParseExact(time.Trim(), ["HH:mm", "HH:mm:ss", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
        {
            throw ExpressionFault.Wrong("date.at needs a time as \"08:00\".");
        }

        var local = LocalDate.FromDateOnly(Day(day)).At(LocalTime.FromTimeOnly(clock));
        return Zone(zone).AtLeniently(local).ToInstant().ToDateTimeOffset();
    }

    public static DateTimeOffset Instant(object at) => at switch
    {
        DateTimeOffset instant => instant.ToUniversalTime(),
        string text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant) => instant,
        string => throw ExpressionFault.Wrong("The text is not an instant in ISO 8601, as 2026-03-01T12:00:00Z."),
        _ => throw ExpressionFault.Wrong("An instant is needed here."),
    };

    public static object Add(object to, object by)
    {
        var (months, span) = by switch
        {
            TimeSpan given => (0, given),
            string text => Moved(text),
            _ => throw ExpressionFault.Wrong("date.add needs a duration as \"1d\", \"-30d\" or \"2h\"."),
        };
        try
        {
            switch (to)
            {
                case DateOnly day when span.Ticks % TimeSpan.TicksPerDay == 0:
                    return day.AddMonths(months).AddDays((int)span.TotalDays);
                case DateOnly:
                    throw ExpressionFault.Wrong("A date is moved by whole days: \"1d\"; for hours take an instant, date.at(…).");
                case DateTimeOffset instant:
                    return instant.ToUniversalTime().AddMonths(months).Add(span);
                default:
                    throw ExpressionFault.Wrong("date.add moves a date or an instant.");
            }
        }
        catch (ArgumentOutOfRangeException)
        {
            throw ExpressionFault.Wrong("date.add leaves the calendar.");
        }
    }

    public static int Compare(object a, object b) => (a, b) switch
    {
        (DateOnly x, DateOnly y) => x.CompareTo(y),
        (DateTimeOffset x, DateTimeOffset y) => x.CompareTo(y),
        (DateOnly, DateTimeOffset) or (DateTimeOffset, DateOnly) => throw ExpressionFault.Wrong("A date is not compared with an instant: take its day with date.of(instant, zone)."),
        _ => throw ExpressionFault.Wrong("Dates or instants are needed here."),
    };

    public static long Days(object from, object to) => Day(to).DayNumber - Day(from).DayNumber;

    public static string Text(object value) => value is DateOnly or DateTimeOffset
        ? OpaqueValue.TextOf(value)
        : throw ExpressionFault.Wrong("date.text needs a date or an instant.");

    private static DateOnly Day(object value) => value switch
    {
        DateOnly day => day,
        string text when DateOnly.TryParseExact(text.Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) => day,
        _ => throw ExpressionFault.Wrong("A date is needed here: date.of(instant, zone) gives one."),
    };

    private static DateTimeZone Zone(string zone) =>
        DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? throw ExpressionFault.Wrong("There is no such time zone; they are named as America/Denver.");

    /// <summary><c>1d</c>, <c>-30d</c>, <c>2h30m</c>, <c>2w</c>, <c>1mo</c>, <c>1y</c>.</summary>
    private static (int Months, TimeSpan Span) Moved(string text)
    {
        var rest = text.AsSpan().Trim();
        var sign = rest.Length > 0 && rest[0] == '-' ? -1 : 1;
        rest = rest.TrimStart("+-");
        var (months, span, any) = (0, TimeSpan.Zero, false);
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || digits > 9 || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                throw Wrong();
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9');
            var unit = (letters < 0 ? rest : rest[..letters]).ToString();
            rest = letters < 0 ? [] : rest[letters..];
            any = true;
            switch (unit)
            {
                case "s": span += TimeSpan.FromSeconds(count); break;
                case "m": span += TimeSpan.FromMinutes(count); break;
                case "h": span += TimeSpan.FromHours(count); break;
                case "d" when count < 4_000_000: span += TimeSpan.FromDays(count); break;
                case "w" when count < 500_000: span += TimeSpan.FromDays(7L * count); break;
                case "mo" when count < 120_000: months += count; break;
                case "y" when count < 10_000: months += 12 * count; break;
                default: throw Wrong();
            }
        }

        return any ? (sign * months, span * sign) : throw Wrong();
    }

    private static ExpressionFault Wrong() => ExpressionFault.Wrong("A duration is written as \"1d\", \"-30d\", \"2h\", \"15m\", \"30s\", \"2w\", \"1mo\" or \"1y\".");
}
