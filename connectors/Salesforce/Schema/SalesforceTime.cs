using System.Globalization;

namespace WorkflowEngine.Salesforce;

/// <summary>The vendor's moments: ISO 8601, in answers with <c>+0000</c> where others write a colon.</summary>
internal static class SalesforceTime
{
    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK",
    ];

    /// <summary>Reads a moment that names its offset.</summary>
    public static bool TryInstant(string text, out DateTimeOffset instant)
    {
        // .NET wants the colon in an offset.
        if (text.Length > 5 && text[^5] is '+' or '-' && text.AsSpan(text.Length - 4).IndexOfAnyExceptInRange('0', '9') < 0)
        {
            text = string.Concat(text.AsSpan(0, text.Length - 2), ":", text.AsSpan(text.Length - 2));
        }

        instant = default;
        // Without an offset nobody knows which moment is meant.
        if (text.Length < 17 || !(text[^1] == 'Z' || text[^6] is '+' or '-')) return false;
        if (!DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out instant)) return false;
        return true;
    }

    /// <summary>A moment as the vendor reads it, to the millisecond.</summary>
    public static string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
