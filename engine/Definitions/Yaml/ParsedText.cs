namespace WorkflowEngine.Definitions;

/// <summary>
/// The text the YAML parser saw: the file's, or the file's with its traps mended so that reading can go on. Spans always refer to the file.
/// </summary>
internal sealed class ParsedText
{
    private readonly int[] parsedStarts;
    private readonly int[] fileStarts;

    public ParsedText(SourceText source, IReadOnlyList<TextEdit> edits)
    {
        Source = source;
        Content = edits.Count == 0 ? source.Content : TextEdit.Apply(source.Content, edits);
        var parsed = new List<int> { 0 };
        var file = new List<int> { 0 };
        var shift = 0;
        foreach (var edit in edits.OrderBy(e => e.Offset).ThenBy(e => e.Length))
        {
            shift += edit.NewText.Length - edit.Length;
            parsed.Add(edit.Offset + edit.Length + shift);
            file.Add(edit.Offset + edit.Length);
        }

        parsedStarts = [.. parsed];
        fileStarts = [.. file];
    }

    public SourceText Source { get; }

    public string Content { get; }

    public SourceSpan SpanOf(int start, int end)
    {
        var from = ToFile(start);
        return new SourceSpan(Source, from, Math.Max(0, ToFile(end) - from));
    }

    public int ToFile(int offset)
    {
        if (parsedStarts.Length == 1)
        {
            return Math.Min(offset, Source.Content.Length);
        }

        var index = Array.BinarySearch(parsedStarts, offset);
        if (index < 0)
        {
            index = ~index - 1;
        }

        // Inside inserted text the place is where it was inserted: never beyond the start of the next copied stretch.
        var limit = index + 1 < fileStarts.Length ? fileStarts[index + 1] : Source.Content.Length;
        return Math.Min(fileStarts[index] + offset - parsedStarts[index], limit);
    }
}
