using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace WorkflowEngine.Storage.Sqlite;

/// <summary>SQLite is in the process: a prepared statement per row beats anything that packs rows into one value first.</summary>
internal sealed partial class SqliteDialect : IStoreDialect
{
    private static readonly RowStatement Begin = new("BEGIN");
    private static readonly RowStatement End = new("COMMIT");

    // One process and one writer: ids are counted here, from the highest one the table ever had.
    private readonly ConcurrentDictionary<string, long> _lastIds = new(StringComparer.Ordinal);

    public string ForUpdateOf(string alias) => "";

    public Task<int> ExecuteAsync(StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return Task.FromResult(0);
        var command = session.Prepared<RowCommand>(statement, Make);
        var changed = 0;
        foreach (var row in rows) changed += command.Run(row);

        return Task.FromResult(changed);
    }

    public Task QueryAsync(StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, Action<DbDataReader> read, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return Task.CompletedTask;
        var command = session.Prepared<RowCommand>(statement, Make);
        // Each statement outside a transaction is one of its own: it locks, and throws away the pages it kept when another connection has written meanwhile.
        var together = rows.Count > 1 && session.Transaction is null;
        if (together) session.Prepared<RowCommand>(Begin, Make).Run([]);
        foreach (var row in rows) command.Read(row, read);
        // Not where a row failed: the connection is closed then, and what went wrong is not to be hidden by a transaction that SQLite has ended already.
        if (together) session.Prepared<RowCommand>(End, Make).Run([]);
        return Task.CompletedTask;
    }

    public async Task<int> SendAsync(StoreSession session, RowStatement statement, IReadOnlyList<object?[]> rows, Action<DbDataReader>? read, CancellationToken cancellationToken)
    {
        if (read is null) return await ExecuteAsync(session, statement, rows, cancellationToken).ConfigureAwait(false);
        await QueryAsync(session, statement, rows, read, cancellationToken).ConfigureAwait(false);
        return 0;
    }

    public Task ReserveAsync(StoreSession session, string table, int count, List<long> ids, CancellationToken cancellationToken)
    {
        var last = _lastIds.TryGetValue(table, out var known) ? known : ReadLastId(session, table);
        _lastIds[table] = last + count;
        for (var i = 0; i < count; i++) ids.Add(last + 1 + i);
        return Task.CompletedTask;
    }

    public bool IsRace(Exception exception) => false;

    /// <summary>A group commit touches pages of many tables: they stay in memory from one to the next, and until the log takes them.</summary>
    public Task OpenedAsync(StoreSession session, bool writes, CancellationToken cancellationToken)
    {
        if (!writes) return Task.CompletedTask;
        using var command = session.Connection.CreateCommand();
        command.CommandText = "PRAGMA cache_size=-16000";
        command.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    [GeneratedRegex(@"\bv\.")]
    private static partial Regex Parameters();

    [GeneratedRegex(@"^\s*(INSERT|UPDATE)\b")]
    private static partial Regex Writes();

    /// <summary>
    /// Fails instead of aborting (SQLite's default): to take back what an aborted statement had changed SQLite copies each page before its first change into a file, which was more than half of all writes. A row
    /// is one statement here, and whoever runs it rolls back the whole transaction where it fails.
    /// </summary>
    private static string Sql(RowStatement statement) => Writes().Replace(
        Parameters().Replace(statement.One ?? statement.Sql, "@").Replace("FROM {rows}, ", "FROM ", StringComparison.Ordinal).Replace("FROM {rows}", "", StringComparison.Ordinal), "$1 OR FAIL");

    private static RowCommand Make(DbConnection connection, RowStatement statement) =>
        new((SqliteConnection)connection, Sql(statement), [.. statement.Columns.Select(column => "@" + column.Name)]);

    private static long ReadLastId(StoreSession session, string table)
    {
        using var command = session.Connection.CreateCommand();
        command.Transaction = session.Transaction;
        command.CommandText = "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = @table), 0)";
        command.Parameters.Add(new SqliteParameter("@table", table));
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
