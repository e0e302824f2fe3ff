namespace WorkflowEngine.Simulators.Salesforce.Soql;

/// <summary>Turns records into one row per group.</summary>
internal static class GroupRunner
{
    public static List<OrgRecord> Run(IGrouping grouping, IEnumerable<OrgRecord> records, Func<OrgRecord, FieldPath, object?> value)
    {
        var groups = records.GroupBy(r => string.Join('\u001f', grouping.By.Select(p => Key(value(r, p)))), StringComparer.Ordinal).Select(g => g.ToList()).ToList();
        if (grouping.By.Count == 0 && groups.Count == 0)
        {
            groups.Add([]);
        }

        return [.. groups.Select(rows =>
        {
            var row = new OrgRecord(grouping.Shape, "");
            foreach (var column in grouping.Columns)
            {
                if (Compute(column, rows, value) is { } computed)
                {
                    row.Values[column.Field.Name] = computed;
                }
            }

            return row;
        })];
    }

    private static object? Compute(GroupColumn column, List<OrgRecord> rows, Func<OrgRecord, FieldPath, object?> value)
    {
        if (column.Function is null)
        {
            return value(rows[0], column.Path);
        }

        var values = rows.Select(r => value(r, column.Path)).OfType<object>().ToList();
        return column.Function switch
        {
            "COUNT" => (decimal)values.Count,
            "COUNT_DISTINCT" => (decimal)values.Select(Key).Distinct(StringComparer.Ordinal).Count(),
            _ when values.Count == 0 => null,
            "SUM" => values.Cast<decimal>().Sum(),
            "AVG" => values.Cast<decimal>().Average(),
            "MIN" => values.Min(Comparer<object>.Create(Compare)),
            _ => values.Max(Comparer<object>.Create(Compare)),
        };
    }

    private static int Compare(object? a, object? b) => a is string x && b is string y ? string.Compare(x, y, StringComparison.OrdinalIgnoreCase) : Comparer<object>.Default.Compare(a, b);

    private static string Key(object? value) => Rows.FieldValues.Text(value)?.ToUpperInvariant() ?? "\0";
}
