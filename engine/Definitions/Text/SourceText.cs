namespace WorkflowEngine.Definitions;

/// <summary>One file of text with its path. Offsets count UTF-16 code units from 0; lines and columns, computed only at the edge, count from 1.</summary>
public sealed class SourceText
{
    private int[]? lineStarts;

    public SourceText(string path, string content)
    {
        Path = path;
        Content = content;
    }

    /// <summary>Stands where a node has no file, for example one built by a program.</summary>
    public static SourceText None { get; } = new("", "");

    /// <summary>As given by the caller; shown in diagnostics, never opened.</summary>
    public string Path { get; }

    public string Content { get; }

    public int LineCount => LineStarts.Length;

    private int[] LineStarts => lineStarts ??= FindLineStarts(Content);

    /// <summary>The line and column of an offset; an offset outside the text is moved to its nearest end.</summary>
    public LinePosition PositionOf(int offset)
    {
        offset = Math.Clamp(offset, 0, Content.Length);
        var starts = LineStarts;
        var index = Array.BinarySearch(starts, offset);
        if (index < 0)
        {
            index = ~index - 1;
        }

        return new LinePosition(index + 1, offset - starts[index] + 1);
    }

    /// <summary>The text of a line (from 1) without its line break; empty outside the file.</summary>
    public string LineAt(int line)
    {
        if (line < 1 || line > LineStarts.Length)
        {
            return "";
        }

        var start = LineStarts[line - 1];
        var end = line < LineStarts.Length ? LineStarts[line] : Content.Length;
        while (end > start && Content[end - 1] is '\n' or '\r')
        {
            end--;
        }

        return Content[start..end];
    }

    /// <summary>The length of a line with its line break, without making a text of it.</summary>
    internal int LengthOfLine(int line) =>
        line < 1 || line > LineStarts.Length ? 0 : (line < LineStarts.Length ? LineStarts[line] : Content.Length) - LineStarts[line - 1];

    public SourceSpan SpanOf(int offset, int length) => new(this, offset, length);

    public override string ToString() => Path;

    // A lone carriage return is no line break here: editors count lines by \n and \r\n.
    private static int[] FindLineStarts(string content)
    {
        var starts = new List<int> { 0 };
        for (var i = content.IndexOf('\n'); i >= 0; i = content.IndexOf('\n', i + 1))
        {
            starts.Add(i + 1);
        }

        return [.. starts];
    }
}
