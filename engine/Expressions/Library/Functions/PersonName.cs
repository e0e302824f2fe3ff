namespace WorkflowEngine.Expressions.Library;

/// <summary>
/// First and last name. Titles and suffixes are dropped, particles (<c>van der</c>) belong to the last name, a company is all last name; the last
/// name is never missing when there was any name.
/// </summary>
internal sealed record PersonName(string? First, string? Last)
{
    private static readonly HashSet<string> Titles = Words("mr mrs ms miss mx dr prof professor rev reverend fr father sir hon capt captain sgt lt col maj gen judge pastor");
    private static readonly HashSet<string> Suffixes = Words("jr sr ii iii iv v md phd dds dvm esq cpa rn pe ret");
    private static readonly HashSet<string> Particles = Words("van von der den de del della di da dos das du la le el al bin ibn ten ter zu zur st saint san santa vander vanden");
    private static readonly HashSet<string> Company = Words(
        "llc inc incorporated corp corporation ltd limited co company llp lp pllc plc pc pa gmbh group holdings trust church school university college " +
        "association assoc hoa properties management realty apartments bank services service restaurant hotel partners partnership enterprises foundation club " +
        "construction plumbing heating hvac electric contracting builders homes investments");

    public static PersonName Split(string? text)
    {
        var name = TextFunctions.OneLine(text ?? "");
        if (name.Length == 0)
        {
            return new PersonName(null, null);
        }

        var words = name.Split(' ');
        if (words.Length > 1 && words.Skip(1).Any(w => Company.Contains(Bare(w))))
        {
            return new PersonName(null, name);
        }

        var comma = name.IndexOf(',');
        if (comma > 0 && Turned(name, comma) is { } turned)
        {
            return turned;
        }

        var rest = Trimmed([.. words.Select(w => w.TrimEnd(','))]);
        return rest.Length switch
        {
            0 => new PersonName(null, name),
            1 => new PersonName(null, rest[0]),
            _ => Parted(rest),
        };
    }

    public Dictionary<string, object?> ToRecord() => new() { ["first"] = First, ["last"] = Last };

    /// <summary><c>Smith, John</c>; what stands behind the comma may also be only a suffix, then null.</summary>
    private static PersonName? Turned(string name, int comma)
    {
        if (name[(comma + 1)..].Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).All(w => Suffixes.Contains(Bare(w))))
        {
            return null;
        }

        var last = Trimmed(name[..comma].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var first = Trimmed(name[(comma + 1)..].Replace(",", " ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return first.Length == 0 || last.Length == 0 ? null : new PersonName(string.Join(' ', first), string.Join(' ', last));
    }

    private static PersonName Parted(string[] words)
    {
        var start = words.Length - 1;
        while (start > 1 && Particles.Contains(Bare(words[start - 1])))
        {
            start--;
        }

        return new PersonName(string.Join(' ', words[..start]), string.Join(' ', words[start..]));
    }

    /// <summary>Without titles before and suffixes behind; <c>Mr. &amp; Mrs.</c> goes as a whole.</summary>
    private static string[] Trimmed(string[] words)
    {
        var (start, end) = (0, words.Length);
        while (start < end && (Titles.Contains(Bare(words[start])) || (start > 0 && words[start] is "&" or "and" && start + 1 < end && Titles.Contains(Bare(words[start + 1])))))
        {
            start++;
        }

        while (end > start && Suffixes.Contains(Bare(words[end - 1])) && (end - start > 1 || start > 0))
        {
            end--;
        }

        return words[start..end];
    }

    private static string Bare(string word) => word.Replace(".", "", StringComparison.Ordinal).Trim(',').ToLowerInvariant();

    private static HashSet<string> Words(string words) => [.. words.Split(' ')];
}
