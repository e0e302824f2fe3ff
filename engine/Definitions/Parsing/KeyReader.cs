namespace WorkflowEngine.Definitions;

/// <summary>Takes the keys of one mapping by name; at the end all that nobody asked for is reported, with what could have been asked.</summary>
internal sealed class KeyReader
{
    private readonly DiagnosticBag diagnostics;
    private readonly string what;
    private readonly SourceSpan anchor;
    private readonly List<string> asked = [];
    private readonly List<(string Key, string Example)> missing = [];

    /// <param name="what">The subject of its sentences: "A lookup step".</param>
    /// <param name="anchor">Where a missing key is reported.</param>
    public KeyReader(DiagnosticBag diagnostics, YamlMapping map, string what, SourceSpan? anchor = null)
    {
        this.diagnostics = diagnostics;
        this.what = what;
        this.anchor = anchor ?? (map.Entries.Count > 0 ? map.Entries[0].Key.Span : map.Span);
        Map = map;
    }

    public YamlMapping Map { get; }

    public YamlEntry? Optional(string key)
    {
        asked.Add(key);
        return Map.Find(key);
    }

    public YamlEntry? Required(string key, string example)
    {
        if (Optional(key) is { } entry)
        {
            return entry;
        }

        missing.Add((key, example));
        return null;
    }

    /// <summary>Reports both keys at the second, when both are written.</summary>
    public void Exclusive(string first, string second)
    {
        if (Map.Find(first) is { } one && Map.Find(second) is { } other)
        {
            var (early, late) = one.Key.Span.Offset < other.Key.Span.Offset ? (one, other) : (other, one);
            diagnostics.Add(ShapeDiagnostics.Exclusive(late.Key.Span, early.Key.Value, late.Key.Value));
        }
    }

    /// <param name="hideSource">What stands at a key that nobody knows may be a secret under a wrong name.</param>
    public void Close(bool hideSource = false)
    {
        foreach (var (key, example) in missing)
        {
            // A misspelled key is reported as such; saying that the right one is missing would say it twice.
            if (!Map.Entries.Any(e => !asked.Contains(e.Key.Value) && Suggestions.Best(e.Key.Value, [key]) == key))
            {
                diagnostics.Add(ShapeDiagnostics.MissingKey(anchor, what, key, example));
            }
        }

        missing.Clear();
        List<string>? free = null;
        foreach (var entry in Map.Entries)
        {
            if (diagnostics.IsFull)
            {
                return;
            }

            if (!asked.Contains(entry.Key.Value))
            {
                free ??= [.. asked.Where(a => Map.Find(a) is null).Distinct()];
                diagnostics.Add(ShapeDiagnostics.UnknownKey(entry.Key.Span, entry.Key.Value, what, free) with { HidesSource = hideSource });
            }
        }
    }
}
