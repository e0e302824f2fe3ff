namespace WorkflowEngine.Definitions;

/// <summary>
/// <c>flow format</c>: mends YAML's traps and touches nothing else, byte for byte. Formatting twice gives the same as once.
/// A quote or bracket that is not closed is left to its author: where it should close is a guess.
/// </summary>
public static class FlowFormatter
{
    // Mending one trap may uncover another behind it; a text that is still not settled then is left as it was.
    private const int MostRounds = 8;

    public static string Format(SourceText source)
    {
        if (YamlReader.Unreadable(source) is not null)
        {
            return source.Content;
        }

        var current = source;
        for (var round = 0; round < MostRounds; round++)
        {
            var edits = Edits(current);
            if (edits.Count == 0)
            {
                return current.Content;
            }

            current = new SourceText(source.Path, TextEdit.Apply(current.Content, edits));
        }

        return source.Content;
    }

    private static List<TextEdit> Edits(SourceText source) =>
        [.. TrapScanner.Scan(source).Diagnostics.Where(d => !TrapDiagnostics.IsGuess(d)).SelectMany(d => d.Fix?.Edits ?? [])];
}
