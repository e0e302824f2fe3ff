using System.Globalization;
using System.Xml;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Times as vendors write them.</summary>
public static class WireTime
{
    /// <summary>An instant; without a zone it is UTC, a bare day is its midnight.</summary>
    public static bool TryInstant(string text, out DateTimeOffset instant) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant);

    /// <summary>A calendar day; of an instant (midnights that mean days) the day as written.</summary>
    public static bool TryDate(string text, out DateOnly date)
    {
        date = default;
        return (text.Length == 10 || (text.Length > 10 && TryInstant(text, out _))) && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
    }

    /// <summary>A length of time, as <c>01:30:00</c> or <c>PT1H30M</c>.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        if (TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration)) return true;
        if (text.Length < 2 || !(text[0] == 'P' || text.StartsWith("-P", StringComparison.Ordinal))) return false;
        try
        {
            duration = XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }

    /// <summary>An instant in UTC with at most this many digits of a second, without trailing zeros: <c>2026-09-14T20:01:09.6333333Z</c>.</summary>
    public static string Text(DateTimeOffset instant, int digits = 7) =>
        instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss" + (digits > 0 ? "." + new string('F', digits) : "") + "'Z'", CultureInfo.InvariantCulture);

    /// <summary>An instant whose text sorts as time does: always seven digits.</summary>
    public static string Sortable(DateTimeOffset instant) => RecordVersion.Of(instant);

    /// <summary>A calendar day.</summary>
    public static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
