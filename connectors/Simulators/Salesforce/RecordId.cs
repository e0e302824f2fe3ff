namespace WorkflowEngine.Simulators.Salesforce;

/// <summary>Record ids: 15 case-sensitive characters, with a suffix of three that holds the cases.</summary>
internal static class RecordId
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Suffixes = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    /// <summary>An id of 18 characters: key prefix, pod, counter, suffix.</summary>
    public static string Make(string keyPrefix, long number)
    {
        Span<char> id = stackalloc char[15];
        keyPrefix.CopyTo(id);
        "5g".CopyTo(id[3..]);
        for (var i = 14; i >= 5; i--)
        {
            id[i] = Digits[(int)(number % 62)];
            number /= 62;
        }

        return string.Concat(id, Suffix(id));
    }

    /// <summary>15 or 18 characters become 18; null when the text is no id or its suffix is wrong.</summary>
    public static string? Normalize(string text)
    {
        if (text.Length is not (15 or 18) || !text.All(char.IsAsciiLetterOrDigit))
        {
            return null;
        }

        var suffix = Suffix(text.AsSpan(0, 15));
        return text.Length == 15 ? text + suffix : text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) ? text[..15] + suffix : null;
    }

    private static string Suffix(ReadOnlySpan<char> id)
    {
        Span<char> suffix = stackalloc char[3];
        for (var group = 0; group < 3; group++)
        {
            var bits = 0;
            for (var k = 0; k < 5; k++)
            {
                if (char.IsAsciiLetterUpper(id[(group * 5) + k]))
                {
                    bits |= 1 << k;
                }
            }

            suffix[group] = Suffixes[bits];
        }

        return suffix.ToString();
    }
}
