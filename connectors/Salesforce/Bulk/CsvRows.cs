using System.Runtime.CompilerServices;
using System.Text;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Bulk;

/// <summary>The vendor's CSV: every value in quotes, quotes doubled, lines ended by LF. Read and written row by row: a file is never in memory as a whole.</summary>
internal static class CsvRows
{
    // The longest field of the vendor holds 131,072 characters.
    private const int LongestValue = 1_000_000;
    private const int MostColumns = 5_000;

    /// <summary>Writes one row.</summary>
    public static void Write(TextWriter to, IReadOnlyList<string> values)
    {
        for (var i = 0; i < values.Count; i++)
        {
            to.Write(i > 0 ? ",\"" : "\"");
            if (values[i].Contains('"', StringComparison.Ordinal)) to.Write(values[i].Replace("\"", "\"\"", StringComparison.Ordinal));
            else to.Write(values[i]);
            to.Write('"');
        }

        to.Write('\n');
    }

    /// <summary>The bytes <see cref="Write"/> makes of a row.</summary>
    public static int Length(IReadOnlyList<string> values)
    {
        // Two quotes and a comma or the line's end for each.
        var length = values.Count * 3;
        for (var i = 0; i < values.Count; i++) length += Encoding.UTF8.GetByteCount(values[i]) + values[i].AsSpan().Count('"');
        return length;
    }

    /// <summary>The rows of a text, the header first. Lines may end with CRLF too; empty lines are none.</summary>
    /// <exception cref="RecordFormatException">A quote is never closed, or a row is beyond all bounds.</exception>
    public static async IAsyncEnumerable<string[]> ReadAsync(TextReader text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new char[16 * 1024];
        var row = new List<string>();
        var value = new StringBuilder();
        var (quoted, begun, previous) = (false, false, '\0');
        int read;
        while ((read = await text.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            for (var i = 0; i < read; i++)
            {
                var c = buffer[i];
                if (quoted)
                {
                    // A quote that closes may turn out to be the first of two.
                    if (c == '"') quoted = false;
                    else value.Append(c);
                    if (value.Length > LongestValue) throw new RecordFormatException("a value in the CSV is longer than any field");
                }
                else if (c == '"')
                {
                    if (begun && previous == '"') value.Append(c);
                    (quoted, begun) = (true, true);
                }
                else if (c is '\n' or '\r')
                {
                    if (begun || row.Count > 0)
                    {
                        row.Add(value.ToString());
                        yield return [.. row];
                    }

                    row.Clear();
                    value.Clear();
                    begun = false;
                }
                else if (c == ',')
                {
                    row.Add(value.ToString());
                    value.Clear();
                    begun = false;
                    if (row.Count > MostColumns) throw new RecordFormatException("a row of the CSV has more columns than any object");
                }
                else
                {
                    value.Append(c);
                    begun = true;
                    if (value.Length > LongestValue) throw new RecordFormatException("a value in the CSV is longer than any field");
                }

                previous = c;
            }
        }

        if (quoted) throw new RecordFormatException("a quote in the CSV is never closed");
        if (!begun && row.Count == 0) yield break;
        row.Add(value.ToString());
        yield return [.. row];
    }
}
