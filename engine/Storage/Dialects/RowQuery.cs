using System.Data.Common;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace WorkflowEngine.Storage;

/// <summary>
/// Rows of a table, read by plain SQL on a connection that stays open. What a start and the first call ask for goes this way: building the model and translating a first query takes longer than all else of a start.
/// </summary>
/// <typeparam name="T">The table's row; its columns are its properties.</typeparam>
internal sealed class RowQuery<T>
    where T : new()
{
    private static readonly PropertyInfo[] All = typeof(T).GetProperties();

    private readonly PropertyInfo[] _properties;
    private readonly StringBuilder _sql;
    private readonly List<object> _values = [];
    private bool _narrowed;

    /// <param name="table">The table.</param>
    /// <param name="without">Properties that are not read.</param>
    public RowQuery(string table, params string[] without)
    {
        _properties = without.Length == 0 ? All : [.. All.Where(p => !without.Contains(p.Name))];
        _sql = new StringBuilder("SELECT ").AppendJoin(", ", _properties.Select(p => SnakeCase.Of(p.Name))).Append(" FROM ").Append(table);
    }

    /// <summary>Only rows for which <paramref name="condition"/> holds, in which <c>{0}</c> is the value.</summary>
    public RowQuery<T> Where(string condition, object value)
    {
        // A workspace that is missing by mistake must not widen the answer to all of them.
        ArgumentNullException.ThrowIfNull(value);
        var parameter = "@p" + _values.Count.ToString(CultureInfo.InvariantCulture);
        _values.Add(value);
        return Where(string.Format(CultureInfo.InvariantCulture, condition, parameter));
    }

    public RowQuery<T> Where(string condition)
    {
        _sql.Append(_narrowed ? " AND " : " WHERE ").Append(condition);
        _narrowed = true;
        return this;
    }

    /// <summary>As <see cref="Where(string, object)"/>; without a value all rows fit.</summary>
    public RowQuery<T> WhereGiven(string condition, object? value) => value is null ? this : Where(condition, value);

    public RowQuery<T> Limit(int most) => Then(string.Create(CultureInfo.InvariantCulture, $"LIMIT {most}"));

    /// <summary>What follows the conditions, such as an order.</summary>
    public RowQuery<T> Then(string clause)
    {
        _sql.Append(' ').Append(clause);
        return this;
    }

    public Task<List<T>> ReadAsync(StoreDatabase database, CancellationToken cancellationToken) => database.ReadAsync(
        async session =>
        {
            await using var command = session.Connection.CreateCommand();
            command.CommandText = _sql.ToString();
            for (var i = 0; i < _values.Count; i++)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = ("@p" + i, _values[i]);
                command.Parameters.Add(parameter);
            }

            var rows = new List<T>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) rows.Add(Row(reader));
            return rows;
        },
        cancellationToken);

    private T Row(DbDataReader reader)
    {
        var row = new T();
        for (var i = 0; i < _properties.Length; i++)
        {
            if (!reader.IsDBNull(i)) _properties[i].SetValue(row, Value(reader, i, Nullable.GetUnderlyingType(_properties[i].PropertyType) ?? _properties[i].PropertyType));
        }

        return row;
    }

    private static object Value(DbDataReader reader, int at, Type type) =>
        type == typeof(string) ? reader.GetString(at)
        : type == typeof(int) ? reader.GetInt32(at)
        : type == typeof(long) ? reader.GetInt64(at)
        : type == typeof(bool) ? reader.GetBoolean(at)
        : type == typeof(Guid) ? reader.GetGuid(at)
        : type == typeof(DateTimeOffset) ? new DateTimeOffset(reader.GetInt64(at), TimeSpan.Zero)
        : type == typeof(byte[]) ? reader.GetFieldValue<byte[]>(at)
        : throw new InvalidOperationException($"Columns of type {type.Name} are not read by plain SQL.");
}
