using System.Data.Common;
using Npgsql;

namespace WorkflowEngine.Storage.PostgreSql;

/// <summary>PostgreSQL is a round trip away: all rows go as arrays in one statement, and statements whose answer is not needed at once go together.</summary>
internal sealed class PostgreSqlDialect(bool shared) : IStoreDialect
{
    private static readonly RowStatement NextIds = new(
        "SELECT nextval(s.name) FROM {rows}, LATERAL (SELECT pg_get_serial_sequence(v.name, 'id')::regclass AS name OFFSET 0) s, generate_series(1, v.n)", RowStatement.Text("name"), RowStatement.Int("n"));

    /// <summary>A process that has the database to itself writes on one connection: nobody is kept out.</summary>
    public string ForUpdateOf(string alias) => shared ? $"FOR UPDATE OF {alias}" : "";

    /// <summary>
    /// Every statement of the hot path finds its rows by an index. Without statistics, which a table that fills in a minute does not have, the server takes it for tiny and walks it whole for each
    /// statement; and a plan once made is kept.
    /// </summary>
    public async Task OpenedAsync(StoreSession session, bool writes, CancellationToken cancellationToken)
    {
        await using var command = session.Connection.CreateCommand();
        command.CommandText = "SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off; SET plan_cache_mode = force_generic_plan";
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<int> ExecuteAsync(StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return 0;
        var batch = RowBatch.Of(session);
        var command = batch.Add(statement, rows, null);
        await batch.RunAsync(cancellationToken).ConfigureAwait(false);
        return (int)command.RecordsAffected;
    }

    public Task QueryAsync(StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, Action<DbDataReader> read, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return Task.CompletedTask;
        var batch = RowBatch.Of(session);
        batch.Add(statement, rows, read);
        return batch.RunAsync(cancellationToken);
    }

    public Task SendAsync(StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, Action<DbDataReader>? read, CancellationToken cancellationToken)
    {
        if (rows.Count > 0) RowBatch.Of(session).Add(statement, rows, read);
        return Task.CompletedTask;
    }

    public Task ReserveAsync(StoreSession session, string table, int count, List<long> ids, CancellationToken cancellationToken) => SendAsync(
        session,
        NextIds,
        [[table, count]],
        reader =>
        {
            // They come in order, but nothing promises it.
            var id = reader.GetInt64(0);
            ids.Insert(~ids.BinarySearch(id), id);
        },
        cancellationToken);

    public Task FlushAsync(StoreSession session, CancellationToken cancellationToken) => RowBatch.Of(session).RunAsync(cancellationToken);

    public void Forget(StoreSession session) => RowBatch.Of(session).Forget();

    public bool IsRace(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };
}
