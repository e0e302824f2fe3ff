using System.Text;

namespace WorkflowEngine.Simulators.Salesforce.Bulk;

/// <summary>Reads and writes comma separated values by the vendor's rules: quotes doubled, values not trimmed, one line ending for the whole file.</summary>
internal static class CsvText
{
    /// <summary>The rows of a text; null with <paramref name="problem"/> when it is none.</summary>
    public static List<string[]>? Read(string text, char delimiter, bool crlf, out string problem)
    {
        List<string[]> rows = [];
        List<string> row = [];
        var value = new StringBuilder();
        problem = "";
        var quoted = false;
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\0';
            if (i < text.Length && quoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    value.Append('"');
                    i++;
                }
                else if (c == '"')
                {
                    quoted = false;
                }
                else
                {
                    value.Append(c);
                }

                continue;
            }

            if (i < text.Length && c == '"' && value.Length == 0)
            {
                quoted = true;
                continue;
            }

            var ending = c == '\r' && i + 1 < text.Length && text[i + 1] == '\n' ? 2 : c == '\n' ? 1 : 0;
            if (ending > 0 && ending == 2 != crlf)
            {
                problem = $"ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is {(crlf ? "CRLF" : "LF")}";
                return null;
            }

            if (i < text.Length && c != delimiter && ending == 0)
            {
                value.Append(c);
                continue;
            }

            row.Add(value.ToString());
            value.Clear();
            if (i == text.Length || ending > 0)
            {
                if (row.Count > 1 || row[0].Length > 0)
                {
                    rows.Add([.. row]);
                }

                row.Clear();
                i += Math.Max(0, ending - 1);
            }
        }

        if (quoted)
        {
            problem = "InvalidBatch : Failed to parse CSV header. The last quote is not closed.";
            return null;
        }

        return rows;
    }

    public static void Write(StringBuilder to, IEnumerable<string?> values, char delimiter, bool crlf)
    {
        var first = true;
        foreach (var value in values)
        {
            if (!first)
            {
                to.Append(delimiter);
            }

            first = false;
            to.Append('"').Append((value ?? "").Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }

        to.Append(crlf ? "\r\n" : "\n");
    }
}
