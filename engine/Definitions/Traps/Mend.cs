namespace WorkflowEngine.Definitions;

/// <summary>The edits that mend a trap. All but those for tabs only insert, so that places in the file stay exact.</summary>
internal static class Mend
{
    /// <summary>Single quotes around a stretch, quotes inside it doubled.</summary>
    public static List<TextEdit> Quote(string content, int start, int end, string prefix = "")
    {
        var edits = new List<TextEdit> { new(start, 0, "'" + prefix) };
        for (var at = start; at < end; at++)
        {
            if (content[at] == '\'')
            {
                edits.Add(new TextEdit(at, 0, "'"));
            }
        }

        edits.Add(new TextEdit(end, 0, "'"));
        return Joined(edits);
    }

    /// <summary>As a block below the key: reads better where the text itself holds single quotes.</summary>
    public static List<TextEdit> Block(string content, int start, int parentIndent, string prefix = "")
    {
        var newLine = content.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        return [new TextEdit(start, 0, $"|-{newLine}{new string(' ', Math.Max(0, parentIndent) + 2)}{prefix}")];
    }

    /// <summary>The way that fits the place: a block where it is possible and the text holds single quotes, else quotes.</summary>
    public static List<TextEdit> Fitting(string content, int start, int end, bool inFlow, int parentIndent, string prefix = "")
    {
        if (inFlow || parentIndent < 0)
        {
            return Quote(content, start, end, prefix);
        }

        var text = content.AsSpan(start, end - start);
        var restOfLine = content.AsSpan(end);
        var lineEnd = restOfLine.IndexOf('\n');
        var rest = (lineEnd < 0 ? restOfLine : restOfLine[..lineEnd]).Trim();
        return rest.IsEmpty && text.Contains('\'') && !text.Contains('\n')
            ? Block(content, start, parentIndent, prefix)
            : Quote(content, start, end, prefix);
    }

    // Insertions at one offset become one edit: their order must not depend on a sort.
    private static List<TextEdit> Joined(List<TextEdit> edits)
    {
        var joined = new List<TextEdit>(edits.Count);
        foreach (var edit in edits)
        {
            if (joined.Count > 0 && joined[^1].Offset == edit.Offset)
            {
                joined[^1] = joined[^1] with { NewText = joined[^1].NewText + edit.NewText };
            }
            else
            {
                joined.Add(edit);
            }
        }

        return joined;
    }
}
