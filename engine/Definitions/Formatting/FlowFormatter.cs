namespace WorkflowEngine.Definitions;

/// <summary><c>flow format</c>: mends YAML's traps and touches nothing else, byte for byte. Formatting twice gives the same as once.</summary>
public static class FlowFormatter
{
    /// <summary>The edits that mend the file's traps; none for a sound file and for one that cannot be mended.</summary>
    public static IReadOnlyList<TextEdit> Edits(SourceText source) =>
        YamlReader.Unreadable(source) is null ? [.. TrapScanner.Scan(source).Diagnostics.SelectMany(d => d.Fix?.Edits ?? [])] : [];

    public static string Format(SourceText source) => TextEdit.Apply(source.Content, Edits(source));
}
