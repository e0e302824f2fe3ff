namespace WorkflowEngine.Simulators.Salesforce.Soql;

/// <summary><c>%</c> any text, <c>_</c> one character, a backslash takes the next literally; case is ignored.</summary>
internal static class LikePattern
{
    /// <summary>Goes back at most to the last <c>%</c>, so that no pattern can take more than pattern × text steps.</summary>
    public static bool Matches(string pattern, string text)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                (star, mark) = (p++, t);
                continue;
            }

            var escaped = p + 1 < pattern.Length && pattern[p] == '\\';
            var wanted = p < pattern.Length ? pattern[escaped ? p + 1 : p] : '\0';
            if (p < pattern.Length && ((wanted == '_' && !escaped) || char.ToUpperInvariant(wanted) == char.ToUpperInvariant(text[t])))
            {
                p += escaped ? 2 : 1;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '%')
        {
            p++;
        }

        return p == pattern.Length;
    }
}
