using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using SQLitePCL;

namespace WorkflowEngine.Storage.Sqlite;

/// <summary>The state in one file.</summary>
public static class SqliteStorage
{
    private const int NotADatabase = 26;
    private const int Corrupt = 11;

    static SqliteStorage()
    {
        // Nobody asks how much memory SQLite holds, and counting it takes a lock of the whole process for each piece. Too late where something else has used SQLite before; then it counts.
        Batteries_V2.Init();
        _ = raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    /// <summary>Opens the file at <see cref="StorageOptions.Path"/>, makes and migrates it. Throws <see cref="StorageProblemException"/> when that cannot be done.</summary>
    public static async Task<EngineStores> OpenAsync(StorageOptions options, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(options.Path)) throw new ArgumentException("The path of the database is missing.", nameof(options));
        options.CheckKey();
        var path = Path.GetFullPath(options.Path);
        SqliteFileHold? hold = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var connection = new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWriteCreate }.ToString();
            hold = SqliteFileHold.Take(path, connection);
            MakePrivate(path);
            var pragmas = new SqlitePragmas(options.MostBytes, options.Durable);
            var contexts = new Lazy<PooledDbContextFactory<SqliteEngineDbContext>>(() => Contexts(connection, pragmas));
            await MakeAsync(connection, pragmas, () => contexts.Value.CreateDbContext(), path, cancellationToken).ConfigureAwait(false);
            return await EngineStores.OpenAsync(
                () => contexts.Value.CreateDbContext(), cancel => ConnectAsync(connection, pragmas, cancel), new SqliteDialect(), options.MasterKey, hold, cancellationToken,
                (session, cancel) => FreeAsync(session, path, cancel)).ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            if (hold is not null) await hold.DisposeAsync().ConfigureAwait(false);
            throw Sentence(problem, path) ?? problem;
        }
    }

    private static PooledDbContextFactory<SqliteEngineDbContext> Contexts(string connection, SqlitePragmas pragmas) =>
        new(new DbContextOptionsBuilder<SqliteEngineDbContext>().UseSqlite(connection).AddInterceptors(pragmas).Options);

    private static async Task<DbConnection> ConnectAsync(string settings, SqlitePragmas pragmas, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(settings);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            pragmas.Set(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A new file belongs to its owner only: keys of records and messages stand in it unencrypted. SQLite gives its log the same mode.</summary>
    private static void MakePrivate(string path)
    {
        if (File.Exists(path)) return;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        new FileStream(path, options).Dispose();
    }

    private static async Task MakeAsync(string settings, SqlitePragmas pragmas, Func<SqliteEngineDbContext> open, string path, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(settings, pragmas, cancellationToken).ConfigureAwait(false);
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "PRAGMA journal_mode=WAL";
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }

        await SchemaMigration.RunAsync(connection, "SELECT name FROM sqlite_master WHERE name = '__EFMigrationsHistory'", open, $"'{path}'", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What the disk has, and what the file may still take within its bound: pages that were given back are filled again.</summary>
    private static async Task<long?> FreeAsync(StoreSession session, string path, CancellationToken cancellationToken)
    {
        await using var command = session.Connection.CreateCommand();
        command.CommandText = "SELECT (m.max_page_count - c.page_count + f.freelist_count) * s.page_size FROM pragma_max_page_count m, pragma_page_count c, pragma_freelist_count f, pragma_page_size s";
        var within = (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        return Math.Min(within, new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace);
    }

    private static StorageProblemException? Sentence(Exception problem, string path) => problem switch
    {
        SqliteException { SqliteErrorCode: NotADatabase or Corrupt } => new StorageProblemException(
            StorageProblemKind.Unreadable, $"The file '{path}' is not a database of the engine, or it is damaged; give another path or restore a backup.", problem),
        SqliteException or IOException or UnauthorizedAccessException => new StorageProblemException(
            StorageProblemKind.Unreachable, $"The database '{path}' cannot be opened or written; check the folder, its permissions and the free space.", problem),
        _ => null,
    };
}
