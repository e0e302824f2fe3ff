using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>Binds <c>tables</c>: the types of key and columns, and the rows written in the flow.</summary>
internal static class TableBinder
{
    public static (ExprType Type, IReadOnlyList<PlanTable> Tables) Bind(FlowSession session)
    {
        var types = new Dictionary<string, ExprType>(StringComparer.Ordinal);
        var plans = new List<PlanTable>();
        foreach (var table in session.Flow.Tables.Concat(session.Context.Template?.Tables ?? []))
        {
            if (types.ContainsKey(table.Name.Value)) continue;
            var key = table.Key is { } given ? session.Types.Bind(given) : BoundType.Unknown;
            var columns = table.Columns.Select(c => (Column: c, Type: session.Types.Bind(c.Type))).ToArray();
            var row = new Dictionary<string, ExprType>(StringComparer.Ordinal) { ["key"] = key.Expr };
            foreach (var (column, type) in columns) row[column.Name.Value] = column.IsOptional ? type.Expr.OrNull() : type.Expr;
            types[table.Name.Value] = ExprType.List(ExprType.Object(null, row));
            plans.Add(new PlanTable
            {
                Name = table.Name.Value,
                Key = key.Field,
                KeyConnection = key.Connection,
                Columns = [.. columns.Select(c => new PlanColumn(c.Column.Name.Value, c.Type.Field, c.Type.Connection, c.Column.IsOptional, LiteralClr.Of(c.Column.Default, c.Type.Field)))],
                Rows = Rows(table, key, columns, session),
            });
        }

        return (ExprType.Object(null, types), plans);
    }

    private static IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows(
        TableDefinition table, BoundType key, (FieldDefinition Column, BoundType Type)[] columns, FlowSession session)
    {
        var rows = new List<IReadOnlyDictionary<string, object?>>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in table.RowsFrom is { } file ? FromFile(file, session) : table.Rows)
        {
            var keyType = IsDefault(row.Key) || key.Field.Kind == FieldKind.Id ? FieldType.Of(FieldKind.Text) : key.Field;
            session.Values.Bind(row.Key, new ValuePlace { Name = $"The key of '{table.Name.Value}'", Type = keyType, Nullable = false }, NameScope.Empty);
            var keyValue = LiteralClr.Of(row.Key, keyType);
            var text = Convert.ToString(keyValue, CultureInfo.InvariantCulture) ?? "";
            if (!seen.TryAdd(text, row.Key.Span.Start.Line))
            {
                session.Problems.Add(RequiresDiagnostics.DuplicateRow(row.Key.Span, table.Name.Value, text, seen[text]));
            }

            var values = new Dictionary<string, object?>(StringComparer.Ordinal) { ["key"] = keyValue };
            foreach (var line in row.Values)
            {
                var (column, type) = columns.FirstOrDefault(c => c.Column.Name.Value == line.Name.Value);
                if (column is null)
                {
                    session.Problems.Add(RequiresDiagnostics.UnknownColumn(line.Name.Span, table.Name.Value, line.Name.Value, [.. columns.Select(c => c.Column.Name.Value)]));
                    continue;
                }

                // A record may be named; the deployment finds its id.
                var place = type.Field.Kind == FieldKind.Id ? FieldType.Of(FieldKind.Text) : type.Field;
                session.Values.Bind(line.Value, new ValuePlace { Name = $"'{line.Name.Value}' of '{table.Name.Value}'", Type = place, Nullable = column.IsOptional }, NameScope.Empty);
                values[line.Name.Value] = LiteralClr.Of(line.Value, place);
            }

            foreach (var (column, type) in columns)
            {
                if (values.ContainsKey(column.Name.Value)) continue;
                if (!column.IsOptional && column.Default is null) session.Problems.Add(RequiresDiagnostics.MissingColumn(row.Key.Span, table.Name.Value, column.Name.Value));
                values[column.Name.Value] = LiteralClr.Of(column.Default, type.Field);
            }

            rows.Add(values);
        }

        return rows;
    }

    private static IReadOnlyList<TableRow> FromFile(Located<string> file, FlowSession session)
    {
        if (!session.Context.TableFiles.TryGetValue(file.Value, out var source))
        {
            session.Problems.Add(RequiresDiagnostics.TableFileMissing(file.Span, file.Value, [.. session.Context.TableFiles.Keys]));
            return [];
        }

        var (rows, problems) = CsvTable.Read(source);
        foreach (var (span, problem) in problems) session.Problems.Add(RequiresDiagnostics.TableFileBroken(span, problem));
        return rows;
    }

    private static bool IsDefault(ValueDefinition key) => key is LiteralValue { Text: "*" };
}
