namespace WorkflowEngine.Expressions.Analysis;

/// <summary>The known words nearest to a mistyped one.</summary>
internal static class Nearest
{
    private const int MostShown = 3;
    private const int MostCompared = 2_000;

    public static IReadOnlyList<string> To(string word, IEnumerable<string> known)
    {
        var most = Math.Max(1, word.Length / 3);
        return [.. known.Take(MostCompared)
            .Select(k => (Word: k, Distance: Distance(word, k)))
            .Where(k => k.Distance <= most || Contains(k.Word, word))
            .OrderBy(k => k.Distance)
            .ThenBy(k => k.Word, StringComparer.Ordinal)
            .Take(MostShown)
            .Select(k => k.Word)];
    }

    public static string? Hint(string word, IEnumerable<string> known, Func<string, string>? write = null)
    {
        var near = To(word, known);
        return near.Count == 0 ? null : $"Did you mean {string.Join(" or ", near.Select(write ?? (n => n)))}?";
    }

    private static bool Contains(string known, string word) =>
        word.Length >= 4 && known.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static int Distance(string a, string b)
    {
        if (string.Equals(a, b, StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        if (Math.Abs(a.Length - b.Length) > 6 || a.Length > 100 || b.Length > 100)
        {
            return int.MaxValue;
        }

        var before = new int[b.Length + 1];
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        var beforeLast = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            (beforeLast, before, row) = (before, row, beforeLast);
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                row[j] = Math.Min(Math.Min(row[j - 1], before[j]) + 1, before[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 2])
                    && char.ToLowerInvariant(a[i - 2]) == char.ToLowerInvariant(b[j - 1]))
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }
        }

        return row[b.Length];
    }
}
