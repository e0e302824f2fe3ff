namespace WorkflowEngine.Storage;

/// <summary>
/// A statement over a list of rows, written once for all databases. <c>FROM {rows}</c> stands for a source named <c>v</c> with the columns; it comes first, joined by a comma.
/// PostgreSQL unnests arrays and runs it once; SQLite, where a round trip costs nothing, runs it for each row with <c>v.x</c> as a parameter. A statement must therefore
/// not depend on how its rows are cut. It is made once and kept: each session prepares it once, and knows it by the object.
/// </summary>
public sealed class RowStatement(string sql, params Column[] columns)
{
    public string Sql { get; } = sql;

    public IReadOnlyList<Column> Columns { get; } = columns;

    public static Column Text(string name) => new(name, ColumnType.Text);

    public static Column Int(string name) => new(name, ColumnType.Int);

    public static Column Long(string name) => new(name, ColumnType.Long);

    public static Column Bool(string name) => new(name, ColumnType.Bool);

    public static Column Guid(string name) => new(name, ColumnType.Guid);

    public static Column Bytes(string name) => new(name, ColumnType.Bytes);
}
