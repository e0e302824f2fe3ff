using System.Globalization;

namespace WorkflowEngine.Expressions.Library;

internal static class TableLookup
{
    private const int MostKeysShown = 20;

    public static string? KeyOf(object? row) =>
        row is IReadOnlyDictionary<string, object?> fields && fields.TryGetValue(TableRows.KeyColumn, out var key) && key is not null
            ? key as string ?? Convert.ToString(key, CultureInfo.InvariantCulture)
            : null;

    public static int Find(IReadOnlyList<object?> rows, string? key, Action<int> charge)
    {
        if (rows is TableRows indexed)
        {
            return indexed.Find(key);
        }

        charge(rows.Count);
        var fallback = -1;
        for (var i = 0; i < rows.Count; i++)
        {
            var own = KeyOf(rows[i]);
            if (own is not null && own == key)
            {
                return i;
            }

            if (own == TableRows.DefaultKey)
            {
                fallback = i;
            }
        }

        return fallback;
    }

    public static string Missing(string table, string? key, IReadOnlyList<object?> rows)
    {
        var keys = rows.Take(MostKeysShown + 1).Select(KeyOf).ToArray();
        var shown = keys.Length == 0 ? "it has no rows"
            : $"known keys: {string.Join(", ", keys.Take(MostKeysShown).Select(k => $"'{k}'"))}{(keys.Length > MostKeysShown ? ", …" : "")}";
        return $"The table '{table}' has no row for {(key is null ? "null" : $"'{key}'")}; {shown}.";
    }
}
