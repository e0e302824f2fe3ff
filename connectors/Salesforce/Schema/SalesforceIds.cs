namespace WorkflowEngine.Salesforce;

/// <summary>Record ids: 15 case-sensitive characters, or the same with a suffix of 3 that survives lower case.</summary>
internal static class SalesforceIds
{
    private const string SuffixAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

    /// <summary>True for texts of the shape of an id. A malformed id in an IN list would fail the whole query.</summary>
    public static bool HasShape(string text) => text.Length is 15 or 18 && text.All(char.IsAsciiLetterOrDigit);

    /// <summary>The form of 18 characters; other texts unchanged.</summary>
    public static string Long(string id)
    {
        if (id.Length != 15 || !HasShape(id)) return id;
        Span<char> text = stackalloc char[18];
        id.CopyTo(text);
        for (var group = 0; group < 3; group++)
        {
            var bits = 0;
            for (var k = 0; k < 5; k++)
            {
                if (char.IsAsciiLetterUpper(id[group * 5 + k])) bits |= 1 << k;
            }

            text[15 + group] = SuffixAlphabet[bits];
        }

        return new string(text);
    }

    /// <summary>True when both name the same record, whichever form they have.</summary>
    public static bool Same(string a, string b) =>
        a.Length is 15 or 18 && b.Length is 15 or 18 ? a.AsSpan(0, 15).SequenceEqual(b.AsSpan(0, 15)) : a == b;
}
