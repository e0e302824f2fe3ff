using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace WorkflowEngine.Storage.PostgreSql;

/// <summary>Statements of one connection that travel together: one round trip, in their order, all or none.</summary>
internal sealed class RowBatch(StoreSession session)
{
    private readonly List<(NpgsqlBatchCommand Command, Action<DbDataReader>? Read)> _waiting = [];

    public static RowBatch Of(StoreSession session) => (RowBatch)(session.OfDialect ??= new RowBatch(session));

    /// <summary>Takes a statement along.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="rows">Its rows, read now.</param>
    /// <param name="read">Told the rows it answers; null only for one that answers none.</param>
    /// <returns>Its command, which knows how many rows it changed when it has run.</returns>
    public NpgsqlBatchCommand Add(RowStatement statement, IReadOnlyList<object?[]> rows, Action<DbDataReader>? read)
    {
        var command = session.Prepared(statement, static (_, made) => Make(made));
        // It waits already, with other rows.
        if (_waiting.Exists(w => w.Command == command)) command = Make(statement);
        for (var i = 0; i < statement.Columns.Count; i++) command.Parameters[i].Value = Values(statement.Columns[i].Type, rows, i);
        _waiting.Add((command, read));
        return command;
    }

    public void Forget() => _waiting.Clear();

    /// <summary>Sends what waits and reads what is answered.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Count == 0) return;
        await using var batch = ((NpgsqlConnection)session.Connection).CreateBatch();
        batch.Transaction = (NpgsqlTransaction?)session.Transaction;
        foreach (var (command, _) in _waiting) batch.BatchCommands.Add(command);
        var readers = _waiting.Where(w => w.Read is not null).Select(w => w.Read!).ToList();
        _waiting.Clear();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        foreach (var read in readers)
        {
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) read(reader);
            await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static NpgsqlBatchCommand Make(RowStatement statement)
    {
        var arrays = string.Join(", ", statement.Columns.Select((_, i) => $"${i + 1}"));
        var names = string.Join(", ", statement.Columns.Select(column => column.Name));
        var command = new NpgsqlBatchCommand(statement.Sql.Replace("{rows}", $"unnest({arrays}) AS v({names})", StringComparison.Ordinal));
        foreach (var column in statement.Columns) command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | TypeOf(column.Type) });
        return command;
    }

    private static object Values(ColumnType type, IReadOnlyList<object?[]> rows, int column) => type switch
    {
        ColumnType.Text => Values(rows, column, static value => value is string text ? StoreText.Clean(text) : null),
        ColumnType.Int => Values(rows, column, static value => (int?)value),
        ColumnType.Long => Values(rows, column, static value => (long?)value),
        ColumnType.Bool => Values(rows, column, static value => (bool?)value),
        ColumnType.Guid => Values(rows, column, static value => (Guid?)value),
        _ => Values(rows, column, static value => (byte[]?)value),
    };

    private static T[] Values<T>(IReadOnlyList<object?[]> rows, int column, Func<object?, T> cast)
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
