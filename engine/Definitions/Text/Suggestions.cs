namespace WorkflowEngine.Definitions;

/// <summary>The one place that knows which known name an author probably meant.</summary>
public static class Suggestions
{
    /// <summary>The known names nearest to the given one, best first; none when nothing is near enough to be meant.</summary>
    public static IReadOnlyList<string> Nearest(string name, IEnumerable<string> known, int most = 3)
    {
        if (name.Length is 0 or > 100)
        {
            return [];
        }

        var found = new List<(int Distance, string Name)>();
        foreach (var candidate in known)
        {
            if (candidate.Length > 100)
            {
                continue;
            }

            var limit = Math.Max(1, (Math.Max(name.Length, candidate.Length) + 1) / 3);
            var distance = string.Equals(name, candidate, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(name, candidate);
            if (distance <= limit && candidate != name)
            {
                found.Add((distance, candidate));
            }
        }

        return [.. found.OrderBy(f => f.Distance).ThenBy(f => f.Name, StringComparer.Ordinal).Select(f => f.Name).Distinct().Take(most)];
    }

    /// <summary>The single best guess, or null.</summary>
    public static string? Best(string name, IEnumerable<string> known) => Nearest(name, known, 1) is [var best] ? best : null;

    /// <summary>The start of a hint: "Did you mean 'x'?" or "Did you mean 'x' or 'y'?"; null when nothing is near.</summary>
    public static string? DidYouMean(string name, IEnumerable<string> known)
    {
        var nearest = Nearest(name, known, 2);
        return nearest.Count == 0 ? null : $"Did you mean {string.Join(" or ", nearest.Select(n => $"'{n}'"))}?";
    }

    // Optimal string alignment without regard to case: two letters swapped count as one mistake.
    private static int Distance(string left, string right)
    {
        var two = new int[right.Length + 1];
        var one = new int[right.Length + 1];
        var now = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            one[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            now[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var a = char.ToLowerInvariant(left[i - 1]);
                var b = char.ToLowerInvariant(right[j - 1]);
                now[j] = Math.Min(Math.Min(now[j - 1] + 1, one[j] + 1), one[j - 1] + (a == b ? 0 : 1));
                if (i > 1 && j > 1 && a == char.ToLowerInvariant(right[j - 2]) && char.ToLowerInvariant(left[i - 2]) == b)
                {
                    now[j] = Math.Min(now[j], two[j - 2] + 1);
                }
            }

            (two, one, now) = (one, now, two);
        }

        return one[right.Length];
    }
}
