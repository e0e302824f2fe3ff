using Cronos;

namespace WorkflowEngine.Compilation.Plan;

/// <summary>A cron text in a time zone. A time that a clock change skips moves behind it, one that comes twice fires once, as Cronos does.</summary>
public sealed class CronSchedule
{
    /// <summary>How far back the last tick is looked for, nearest first: a schedule that ticks often must not be walked through for a year.</summary>
    private static readonly TimeSpan[] Windows =
        [TimeSpan.FromMinutes(2), TimeSpan.FromHours(2), TimeSpan.FromDays(2), TimeSpan.FromDays(40), TimeSpan.FromDays(400)];

    private readonly CronExpression _cron;
    private readonly TimeZoneInfo _zone;

    private CronSchedule(CronExpression cron, TimeZoneInfo zone) => (_cron, _zone) = (cron, zone);

    /// <summary>Null with a sentence when the text is no schedule or the zone is not known.</summary>
    public static CronSchedule? Parse(string cron, string? zone, out string problem)
    {
        problem = "";
        try
        {
            var expression = CronExpression.Parse(cron);
            if (zone is null) return new CronSchedule(expression, TimeZoneInfo.Utc);
            if (TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found)) return new CronSchedule(expression, found);
            problem = $"There is no time zone '{zone}' here; zones are named as America/Denver.";
        }
        catch (CronFormatException e)
        {
            problem = $"'{cron}' is no schedule: {e.Message}";
        }

        return null;
    }

    /// <summary>The first tick after a time; null when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) =>
        _cron.GetNextOccurrence(after.UtcDateTime, _zone) is { } next ? new DateTimeOffset(next, TimeSpan.Zero) : null;

    /// <summary>The last tick after a time and not later than another; null when there is none.</summary>
    public DateTimeOffset? Last(DateTimeOffset after, DateTimeOffset until)
    {
        foreach (var window in Windows)
        {
            var from = until - window;
            var whole = from <= after;
            DateTimeOffset? last = null;
            for (var next = Next(whole ? after : from); next is { } tick && tick <= until; next = Next(tick)) last = tick;
            if (last is not null || whole) return last;
        }

        return Next(after) is { } first && first <= until ? first : null;
    }
}
