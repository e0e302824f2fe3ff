using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace WorkflowEngine.Api;

/// <summary>Cursors are opaque: nobody should count on what is in them.</summary>
internal static class Paging
{
    public const int Most = 200;

    private const int Usual = 50;

    /// <summary>Rows to give; false when the number asked for is none.</summary>
    public static bool TryLimit(int? asked, out int limit)
    {
        limit = asked ?? Usual;
        return limit is >= 1 and <= Most;
    }

    public static string BadLimit => $"'limit' is a number from 1 to {Most}.";

    public static string BadCursor => "This 'cursor' did not come from an answer of this list; leave it out to begin anew.";

    /// <summary>One part of a list of which one row more than wanted was asked.</summary>
    public static Page<TView> Of<T, TView>(IReadOnlyList<T> rows, int limit, Func<T, string> place, Func<T, TView> view) =>
        new([.. rows.Take(limit).Select(view)], rows.Count > limit ? Write(place(rows[limit - 1])) : null);

    /// <summary>The place a cursor stands for; true with null when there is none.</summary>
    public static bool TryRead(string? cursor, out string? place)
    {
        place = null;
        if (cursor is null) return true;
        try
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
            if (text.Length is 0 or > 200 || text[0] != 'p' || text.AsSpan(1).ContainsAnyInRange('\0', '\x1f')) return false;
            place = text[1..];
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public static bool TryReadNumber(string? cursor, out long? place)
    {
        place = null;
        if (!TryRead(cursor, out var text)) return false;
        if (text is null) return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        place = number;
        return true;
    }

    /// <summary>Names of things people make.</summary>
    public static bool IsName([NotNullWhen(true)] string? name) => name is { Length: >= 1 and <= 64 } && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    public static string BadName(string? name) => $"'{name}' is no name: 1 to 64 letters, digits, '-', '_' or '.', the first a letter or digit.";

    private static string Write(string place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes("p" + place));
}
