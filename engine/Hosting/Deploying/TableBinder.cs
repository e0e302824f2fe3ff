using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>The rows of a flow's tables: those of the flow, with those of the deployment before them.</summary>
internal static class TableBinder
{
    public static IReadOnlyDictionary<string, object?> Bind(CompiledFlow flow, IReadOnlyList<TableDefinition> given)
    {
        var tables = new Dictionary<string, object?>();
        foreach (var table in flow.Tables)
        {
            var rows = new List<object?>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var row in given.Where(t => t.Name.Value == table.Name).SelectMany(t => t.Rows))
            {
                var values = new Dictionary<string, object?> { ["key"] = Text(ParameterBinder.Literal(row.Key)) };
                foreach (var column in table.Columns)
                {
                    var line = row.Values.FirstOrDefault(v => v.Name.Value == column.Name);
                    values[column.Name] = line is not null && FieldValues.TryConvert(column.Type, ParameterBinder.Literal(line.Value), out var value, out _) ? value : column.Default;
                }

                if (values["key"] is string key && seen.Add(key)) rows.Add(values);
            }

            foreach (var row in table.Rows)
            {
                if (row.TryGetValue("key", out var key) && key is not null && seen.Add(Text(key)!)) rows.Add(row);
            }

            tables[table.Name] = rows;
        }

        return tables;
    }

    private static string? Text(object? key) => key is null ? null : FieldValues.AsText(key);
}
