using System.Text;
using System.Text.RegularExpressions;

namespace WorkflowEngine.Definitions;

/// <summary>
/// The rows of a table in a CSV file: the first line names the columns, one of them <c>key</c>. Values may stand in quotes, quotes inside are doubled; an empty value is none. Each value knows its place, so that it
/// is judged like one written in the flow.
/// </summary>
public static partial class CsvTable
{
    private const string Key = "key";

    /// <summary>The rows, and what is wrong with the file: where, and in words.</summary>
    public static (IReadOnlyList<TableRow> Rows, IReadOnlyList<(SourceSpan Span, string Problem)> Problems) Read(SourceText file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var problems = new List<(SourceSpan, string)>();
        var lines = Lines(file, problems);
        if (lines.Count == 0)
        {
            problems.Add((file.SpanOf(0, 0), "The file is empty."));
            return ([], problems);
        }

        var columns = lines[0];
        var key = columns.FindIndex(c => c.Text == Key);
        if (key < 0)
        {
            problems.Add((columns[0].Span, "The first line names no column 'key'."));
            return ([], problems);
        }

        var rows = new List<TableRow>();
        foreach (var line in lines.Skip(1))
        {
            if (line.Count != columns.Count)
            {
                problems.Add((line[0].Span.To(line[^1].Span), $"This line has {line.Count} values, the first line names {columns.Count} columns."));
                continue;
            }

            var values = columns.Select((c, i) => (Column: c, Cell: line[i])).Where((v, i) => i != key && v.Cell.Text.Length > 0)
                .Select(v => new FieldLine(new Located<string>(v.Column.Text, v.Cell.Span), Literal(v.Cell))).ToList();
            rows.Add(new TableRow(line[0].Span.To(line[^1].Span), Literal(line[key]), values));
        }

        return (rows, problems);
    }

    private static LiteralValue Literal(Cell cell) => new(
        cell.Span, cell.Quoted ? LiteralKind.Text : cell.Text is "true" or "false" ? LiteralKind.Boolean : Number().IsMatch(cell.Text) ? LiteralKind.Number : LiteralKind.Text, cell.Text, cell.Quoted);

    private static List<List<Cell>> Lines(SourceText file, List<(SourceSpan, string)> problems)
    {
        var text = file.Content;
        var lines = new List<List<Cell>>();
        var line = new List<Cell>();
        var at = text.StartsWith('\uFEFF') ? 1 : 0;
        while (at <= text.Length)
        {
            var cell = Next(file, ref at, problems);
            line.Add(cell);
            if (at < text.Length && text[at] == ',')
            {
                at++;
                continue;
            }

            if (line.Count > 1 || line[0].Text.Length > 0 || line[0].Quoted) lines.Add(line);
            line = [];
            if (at >= text.Length) break;
            at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
        }

        return lines;
    }

    private static Cell Next(SourceText file, ref int at, List<(SourceSpan, string)> problems)
    {
        var text = file.Content;
        var start = at;
        if (at >= text.Length || text[at] != '"')
        {
            while (at < text.Length && text[at] is not (',' or '\n' or '\r')) at++;
            return new Cell(text[start..at].Trim(), file.SpanOf(start, at - start), false);
        }

        var value = new StringBuilder();
        for (at++; ; at++)
        {
            if (at >= text.Length)
            {
                problems.Add((file.SpanOf(start, 1), "This quote is never closed."));
                break;
            }

            if (text[at] != '"')
            {
                value.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                value.Append('"');
                at++;
            }
            else
            {
                at++;
                break;
            }
        }

        if (at < text.Length && text[at] is not (',' or '\n' or '\r'))
        {
            problems.Add((file.SpanOf(at, 1), "A comma or the end of the line was expected behind the closing quote."));
            while (at < text.Length && text[at] is not (',' or '\n' or '\r')) at++;
        }

        return new Cell(value.ToString(), file.SpanOf(start, at - start), true);
    }

    private sealed record Cell(string Text, SourceSpan Span, bool Quoted);

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$")]
    private static partial Regex Number();
}
