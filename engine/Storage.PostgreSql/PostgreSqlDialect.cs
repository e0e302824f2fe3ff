using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace WorkflowEngine.Storage.PostgreSql;

/// <summary>PostgreSQL is a round trip away: all rows go as arrays in one statement.</summary>
internal sealed class PostgreSqlDialect : IStoreDialect
{
    public string ForUpdateOf(string alias) => $"FOR UPDATE OF {alias}";

    public async Task<int> ExecuteAsync(StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return 0;
        var command = session.Prepared(statement, Make);
        Fill(command, statement, rows);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task QueryAsync(
        StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, Action<DbDataReader> read, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return;
        var command = session.Prepared(statement, Make);
        Fill(command, statement, rows);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) read(reader);
    }

    public async Task<IReadOnlyList<long>> ReserveIdsAsync(StoreSession session, string table, int count, CancellationToken cancellationToken)
    {
        await using var command = session.Connection.CreateCommand();
        command.Transaction = session.Transaction;
        command.CommandText = "SELECT nextval(pg_get_serial_sequence(@table, 'id')) FROM generate_series(1, @count)";
        command.Parameters.Add(new NpgsqlParameter<string>("table", table));
        command.Parameters.Add(new NpgsqlParameter<int>("count", count));
        var ids = new List<long>(count);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) ids.Add(reader.GetInt64(0));
        ids.Sort();
        return ids;
    }

    public bool IsRace(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    private static DbCommand Make(DbConnection connection, RowStatement statement)
    {
        var command = connection.CreateCommand();
        var arrays = string.Join(", ", statement.Columns.Select(column => "@" + column.Name));
        var names = string.Join(", ", statement.Columns.Select(column => column.Name));
        command.CommandText = statement.Sql.Replace("{rows}", $"unnest({arrays}) AS v({names})", StringComparison.Ordinal);
        foreach (var column in statement.Columns) command.Parameters.Add(new NpgsqlParameter(column.Name, NpgsqlDbType.Array | TypeOf(column.Type)));
        return command;
    }

    private static void Fill(DbCommand command, RowStatement statement, IReadOnlyList<object?[]> rows)
    {
        for (var i = 0; i < statement.Columns.Count; i++)
        {
            command.Parameters[i].Value = statement.Columns[i].Type switch
            {
                ColumnType.Text => Array(rows, i, static value => value is string text ? StoreText.Clean(text) : null),
                ColumnType.Int => Array(rows, i, static value => (int?)value),
                ColumnType.Long => Array(rows, i, static value => (long?)value),
                ColumnType.Bool => Array(rows, i, static value => (bool?)value),
                ColumnType.Guid => Array(rows, i, static value => (Guid?)value),
                _ => Array(rows, i, static value => (byte[]?)value),
            };
        }
    }

    private static T[] Array<T>(IReadOnlyList<object?[]> rows, int column, Func<object?, T> cast)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = cast(rows[i][column]);
        return values;
    }

    private static NpgsqlDbType TypeOf(ColumnType type) => type switch
    {
        ColumnType.Text => NpgsqlDbType.Text,
        ColumnType.Int => NpgsqlDbType.Integer,
        ColumnType.Long => NpgsqlDbType.Bigint,
        ColumnType.Bool => NpgsqlDbType.Boolean,
        ColumnType.Guid => NpgsqlDbType.Uuid,
        _ => NpgsqlDbType.Bytea,
    };
}
