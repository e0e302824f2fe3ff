using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace WorkflowEngine.Storage.Sqlite;

/// <summary>
/// Settings that SQLite keeps per connection: FULL, so that accepted means on disk; a wait when another connection writes; a small cache, since a commit of
/// the writer empties those of the readers (the writer's own is larger: <see cref="SqliteDialect.OpenedAsync"/>); a log that is copied back in fewer, larger pieces (16 MB).
/// </summary>
internal sealed class SqlitePragmas(long? mostBytes, bool durable) : DbConnectionInterceptor
{
    private readonly string _pragmas = $"PRAGMA synchronous={(durable ? "FULL" : "OFF")}; PRAGMA busy_timeout=5000; PRAGMA cache_size=-2000; PRAGMA wal_autocheckpoint=4000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set(connection);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set(connection);
        return Task.CompletedTask;
    }

    /// <summary>Sets them on an open connection.</summary>
    public void Set(DbConnection connection)
    {
        using var command = connection.CreateCommand();
        // A page that SQLite makes is 4,096 bytes.
        command.CommandText = mostBytes is { } most ? string.Create(CultureInfo.InvariantCulture, $"{_pragmas} PRAGMA max_page_count={Math.Max(1, most / 4096)};") : _pragmas;
        command.ExecuteNonQuery();
    }
}
