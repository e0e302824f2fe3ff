namespace WorkflowEngine.Storage;

/// <summary>
/// A statement over a list of rows, written once for all databases. <c>FROM {rows}</c> stands for a source named <c>v</c> with the columns; it comes first, joined by a comma.
/// PostgreSQL unnests arrays and runs it once; SQLite, where a round trip costs nothing, runs it for each row with <c>v.x</c> as a parameter. A statement must therefore
/// not depend on how its rows are cut. It is made once and kept: each session prepares it once, and knows it by the object.
/// </summary>
public sealed class RowStatement(string sql, params Column[] columns)
{
    public string Sql { get; } = sql;

    /// <summary>
    /// The same for one row, without <c>{rows}</c>; null = as <see cref="Sql"/>. For SQLite, which makes a table of what <c>UPDATE ... FROM (SELECT ...)</c>, <c>DELETE ... IN (SELECT ...)</c> or an
    /// <c>INSERT ... SELECT</c> that reads its own table selects, each time it runs: 2 us for one row, as much as the change itself.
    /// </summary>
    public string? One { get; init; }

    public IReadOnlyList<Column> Columns { get; } = columns;

    public static Column Text(string name) => new(name, ColumnType.Text);

    public static Column Int(string name) => new(name, ColumnType.Int);

    public static Column Long(string name) => new(name, ColumnType.Long);

    public static Column Bool(string name) => new(name, ColumnType.Bool);

    public static Column Guid(string name) => new(name, ColumnType.Guid);

    public static Column Bytes(string name) => new(name, ColumnType.Bytes);
}
