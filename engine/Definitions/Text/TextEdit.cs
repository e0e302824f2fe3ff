namespace WorkflowEngine.Definitions;

/// <summary>Replaces a stretch of a file; length 0 inserts.</summary>
public sealed record TextEdit(int Offset, int Length, string NewText)
{
    /// <summary>Applies edits that do not overlap; their offsets all refer to the text before.</summary>
    public static string Apply(string content, IEnumerable<TextEdit> edits)
    {
        var result = new System.Text.StringBuilder(content.Length + 64);
        var at = 0;
        foreach (var edit in edits.OrderBy(e => e.Offset).ThenBy(e => e.Length))
        {
            result.Append(content, at, edit.Offset - at).Append(edit.NewText);
            at = edit.Offset + edit.Length;
        }

        return result.Append(content, at, content.Length - at).ToString();
    }
}
