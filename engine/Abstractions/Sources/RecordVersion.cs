using System.Globalization;

namespace WorkflowEngine.Abstractions;

/// <summary>The version of a record as text. Whoever reads a record (a feed, a lookup, a backfill) writes the same version the same way: two spellings of one time would make one of them the newer.</summary>
public static class RecordVersion
{
    /// <summary>The version that a record's <see cref="EntityDescriptor.VersionField"/> tells; null where it tells none. A later time or a higher whole number sorts behind in <see cref="Compare"/>; text stays as it is.</summary>
    public static string? Of(object? stamp) => stamp switch
    {
        DateTimeOffset instant => Of(instant),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        long number => number.ToString("D19", CultureInfo.InvariantCulture),
        string text => text,
        _ => null,
    };

    /// <summary>A time in UTC to the last digit the vendor gave: <c>2026-09-14T20:01:09.6333333Z</c>.</summary>
    public static string Of(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Below zero: the first is older; unknown is older than all. Times that were stored with three digits compare too: without its end mark the shorter text is the older one.</summary>
    public static int Compare(string? first, string? second) => first.AsSpan().TrimEnd('Z').SequenceCompareTo(second.AsSpan().TrimEnd('Z'));
}
