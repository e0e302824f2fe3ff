namespace WorkflowEngine.Salesforce.Soql;

/// <summary>Names of objects and fields. They come from the catalogue or an author and stand in a query unquoted, so only plain ones pass.</summary>
internal static class SoqlName
{
    // A name has at most 40 characters, 15 of a namespace, two pairs of underscores and a suffix.
    private const int Longest = 80;

    // A path goes up at most five levels.
    private const int MostSegments = 6;

    /// <summary>True for one plain name.</summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > Longest || !char.IsAsciiLetter(name[0])) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_') return false;
        }

        return true;
    }

    /// <summary>True for names joined by dots.</summary>
    public static bool IsPath(string path)
    {
        var segments = 0;
        foreach (var range in path.AsSpan().Split('.'))
        {
            if (++segments > MostSegments || !IsName(path.AsSpan()[range])) return false;
        }

        return segments > 0;
    }
}
