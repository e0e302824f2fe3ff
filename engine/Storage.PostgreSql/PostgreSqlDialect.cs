using System.Data.Common;
using Npgsql;

namespace WorkflowEngine.Storage.PostgreSql;

/// <summary>PostgreSQL is a round trip away: all rows go as arrays in one statement, and statements whose answer is not needed at once go together.</summary>
internal sealed class PostgreSqlDialect(bool shared) : IStoreDialect
{
    private static readonly RowStatement NextIds = new(
        "SELECT nextval(s.name) FROM {rows}, LATERAL (SELECT pg_get_serial_sequence(v.name, 'id')::regclass AS name OFFSET 0) s, generate_series(1, v.n)", RowStatement.Text("name"), RowStatement.Int("n"));

    /// <summary>How many times as many ids are taken as were asked for.</summary>
    private const int Ahead = 8;

    /// <summary>Ids that were taken and not asked for yet, by table; the one writer asks.</summary>
    private readonly Dictionary<string, Queue<long>> _spare = new(StringComparer.Ordinal);

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

    public Task<int> SendAsync(StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, Action<DbDataReader>? read, CancellationToken cancellationToken)
    {
        if (rows.Count > 0) RowBatch.Of(session).Add(statement, rows, read);
        return Task.FromResult(0);
    }

    /// <summary>
    /// A process that has the database to itself takes more ids than it is asked for and answers the next time without asking the server, which for most commits is a round trip less. Several processes do not:
    /// which of two changes of a record is the newer one goes by the ids of their events.
    /// </summary>
    public Task ReserveAsync(StoreSession session, string table, int count, List<long> ids, CancellationToken cancellationToken)
    {
        if (shared) return TakeAsync(session, table, count, ids, cancellationToken);
        if (!_spare.TryGetValue(table, out var spare)) _spare[table] = spare = new Queue<long>();
        if (spare.Count >= count)
        {
            for (var i = 0; i < count; i++) ids.Add(spare.Dequeue());
            return Task.CompletedTask;
        }

        // Too few are left, and lower than those that come now: they are given up, so that one commit has neighbours in order. A gap harms nobody.
        spare.Clear();
        var taken = new List<long>(count * Ahead);
        return SendAsync(
            session,
            NextIds,
            [[table, count * Ahead]],
            reader =>
            {
                Insert(taken, reader.GetInt64(0));
                if (taken.Count < count * Ahead) return;
                ids.AddRange(taken[..count]);
                foreach (var id in taken[count..]) spare.Enqueue(id);
            },
            cancellationToken);
    }

    public Task FlushAsync(StoreSession session, CancellationToken cancellationToken) => RowBatch.Of(session).RunAsync(cancellationToken);

    public void Forget(StoreSession session) => RowBatch.Of(session).Forget();

    public bool IsRace(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    private Task TakeAsync(StoreSession session, string table, int count, List<long> ids, CancellationToken cancellationToken) =>
        SendAsync(session, NextIds, [[table, count]], reader => Insert(ids, reader.GetInt64(0)), cancellationToken);

    /// <summary>They come in order, but nothing promises it.</summary>
    private static void Insert(List<long> ids, long id) => ids.Insert(~ids.BinarySearch(id), id);
}
