using System.Text;

namespace WorkflowEngine.Salesforce.Bulk;

/// <summary>The vendor's CSV: every value in quotes, quotes doubled, lines ended by LF.</summary>
internal static class CsvRows
{
    public static void Write(StringBuilder to, IReadOnlyList<string> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0) to.Append(',');
            to.Append('"').Append(values[i].Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        to.Append('\n');
    }

    /// <summary>The rows of a text, the header first. Lines may end with CRLF too.</summary>
    /// <exception cref="Connectors.Http.RecordFormatException">A quote is never closed.</exception>
    public static IEnumerable<string[]> Read(string text)
    {
        var row = new List<string>();
        var value = new StringBuilder();
        var i = 0;
        while (i < text.Length)
        {
            if (text[i] == '"')
            {
                i++;
                while (true)
                {
                    var end = text.IndexOf('"', i);
                    if (end < 0) throw new Connectors.Http.RecordFormatException("a quote in the CSV is never closed");
                    value.Append(text, i, end - i);
                    i = end + 1;
                    if (i >= text.Length || text[i] != '"') break;
                    value.Append('"');
                    i++;
                }
            }

            while (i < text.Length && text[i] is not (',' or '\n' or '\r')) value.Append(text[i++]);
            row.Add(value.ToString());
            value.Clear();
            if (i < text.Length && text[i] == ',')
            {
                i++;
                if (i < text.Length) continue;
                row.Add("");
            }

            while (i < text.Length && (text[i] == (char)10 || text[i] == (char)13)) i++;
            yield return [.. row];
            row.Clear();
        }
    }
}
