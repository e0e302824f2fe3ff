using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting;

/// <summary>Changes of a YAML text at the places a parser found.</summary>
internal static class Splice
{
    /// <summary>Takes an entry out: its lines where it has lines of its own, else its text with one comma.</summary>
    public static TextEdit Out(SourceSpan entry)
    {
        var text = entry.Source.Content;
        var line = text.LastIndexOf('\n', Math.Max(0, entry.Offset - 1)) + 1;
        var next = text.IndexOf('\n', Math.Max(entry.Offset, entry.End - 1));
        next = next < 0 ? text.Length : next + 1;
        var head = text.AsSpan(line, entry.Offset - line).Trim();
        var tail = text.AsSpan(Math.Min(entry.End, next), Math.Max(0, next - entry.End)).Trim();
        if ((head.Length == 0 || head.SequenceEqual("-")) && (tail.Length == 0 || tail[0] == '#')) return new TextEdit(line, next - line, "");
        var (from, to) = (entry.Offset, entry.End);
        var after = to;
        while (after < text.Length && char.IsWhiteSpace(text[after])) after++;
        if (after < text.Length && text[after] == ',') return new TextEdit(from, after + 1 - from, "");
        var before = from;
        while (before > 0 && char.IsWhiteSpace(text[before - 1])) before--;
        return before > 0 && text[before - 1] == ',' ? new TextEdit(before - 1, to - before + 1, "") : new TextEdit(from, to - from, "");
    }

    /// <summary>Each text in the other one's place.</summary>
    public static IEnumerable<TextEdit> Exchange(SourceSpan one, SourceSpan other) => [new(one.Offset, one.Length, other.Text), new(other.Offset, other.Length, one.Text)];

    /// <summary>The opposite of an expression, in the quotes it has.</summary>
    public static TextEdit Negate(SourceSpan expression)
    {
        var text = expression.Text;
        var begin = text.IndexOf('=', StringComparison.Ordinal) + 1;
        var end = text.TrimEnd().Length;
        if (text[0] is '\'' or '"') end--;
        return new TextEdit(expression.Offset + begin, end - begin, $"!({text[begin..end].Trim()})");
    }
}
