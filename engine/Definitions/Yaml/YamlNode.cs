namespace WorkflowEngine.Definitions;

/// <summary>A node of a file with its place. What YAML allows beyond plain data (anchors, tags, …) has been refused before.</summary>
public abstract class YamlNode(SourceSpan span)
{
    public SourceSpan Span { get; } = span;
}

public sealed class YamlSequence(SourceSpan span, IReadOnlyList<YamlNode> items, bool isFlow) : YamlNode(span)
{
    public IReadOnlyList<YamlNode> Items { get; } = items;

    /// <summary>Written with brackets.</summary>
    public bool IsFlow { get; } = isFlow;
}

public sealed class YamlMapping(SourceSpan span, IReadOnlyList<YamlEntry> entries, bool isFlow) : YamlNode(span)
{
    // Few keys are found faster by looking at each.
    private const int Many = 24;

    private Dictionary<string, YamlEntry>? byKey;

    /// <summary>In the order written; keys are unique.</summary>
    public IReadOnlyList<YamlEntry> Entries { get; } = entries;

    /// <summary>Written with braces.</summary>
    public bool IsFlow { get; } = isFlow;

    public YamlEntry? Find(string key)
    {
        if (Entries.Count > Many)
        {
            byKey ??= Entries.ToDictionary(e => e.Key.Value, StringComparer.Ordinal);
            return byKey.GetValueOrDefault(key);
        }

        foreach (var entry in Entries)
        {
            if (entry.Key.Value == key)
            {
                return entry;
            }
        }

        return null;
    }
}

public sealed record YamlEntry(YamlScalar Key, YamlNode Value)
{
    public Located<string> Name => new(Key.Value, Key.Span);
}
