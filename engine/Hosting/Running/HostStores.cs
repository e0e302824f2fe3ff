using WorkflowEngine.Storage;
using WorkflowEngine.Storage.PostgreSql;
using WorkflowEngine.Storage.Sqlite;

namespace WorkflowEngine.Hosting;

/// <summary>Opens the database a host is given: a SQLite file or a PostgreSQL server.</summary>
internal static class HostStores
{
    private const string Postgres = "postgres:";

    public static bool IsServer(FlowHostOptions options) => options.Database.StartsWith(Postgres, StringComparison.Ordinal);

    /// <summary>Why a text names no database; null when it does. Nothing is opened.</summary>
    public static string? ProblemOf(string database) => database.StartsWith(Postgres, StringComparison.Ordinal) ? PostgreSqlStorage.ProblemOf(database[Postgres.Length..]) : null;

    /// <exception cref="StorageProblemException">The store cannot be opened.</exception>
    public static async Task<EngineStores> OpenAsync(FlowHostOptions options, CancellationToken cancellationToken)
    {
        var keyFile = options.KeyFile ?? (IsServer(options) ? "flow.key" : Path.ChangeExtension(options.Database, ".key"));
        if (!IsServer(options) && Path.GetDirectoryName(Path.GetFullPath(options.Database)) is { } folder) Directory.CreateDirectory(folder);
        var known = options.MasterKey is not null || File.Exists(keyFile);
        var key = options.MasterKey ?? MasterKeyFile.LoadOrCreate(keyFile);
        try
        {
            return IsServer(options)
                ? await PostgreSqlStorage.OpenAsync(new StorageOptions { ConnectionString = options.Database[Postgres.Length..], MasterKey = key, Shared = options.IsShared }, cancellationToken).ConfigureAwait(false)
                : await SqliteStorage.OpenAsync(
                    new StorageOptions { Path = options.Database, MasterKey = key, MostBytes = options.MostDatabaseBytes, Durable = options.Durable }, cancellationToken).ConfigureAwait(false);
        }
        catch (StorageProblemException problem) when (!known && problem.Kind is (StorageProblemKind.Unreadable or StorageProblemKind.MasterKey))
        {
            // A key made for what is no database, or for one that has another key, would look like a lost key that was found. After any other problem a process beside this one may use it.
            File.Delete(keyFile);
            throw;
        }
    }
}
