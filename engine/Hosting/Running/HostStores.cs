using WorkflowEngine.Storage;
using WorkflowEngine.Storage.PostgreSql;
using WorkflowEngine.Storage.Sqlite;

namespace WorkflowEngine.Hosting;

/// <summary>Opens the database a host is given: a SQLite file or a PostgreSQL server.</summary>
internal static class HostStores
{
    private const string Postgres = "postgres:";

    public static bool IsServer(FlowHostOptions options) => options.Database.StartsWith(Postgres, StringComparison.Ordinal);

    /// <exception cref="StorageProblemException">The store cannot be opened.</exception>
    public static async Task<EngineStores> OpenAsync(FlowHostOptions options, CancellationToken cancellationToken)
    {
        if (IsServer(options))
        {
            var server = new StorageOptions { ConnectionString = options.Database[Postgres.Length..], MasterKey = MasterKeyFile.LoadOrCreate(options.KeyFile ?? "flow.key") };
            return await PostgreSqlStorage.OpenAsync(server, cancellationToken).ConfigureAwait(false);
        }

        if (Path.GetDirectoryName(Path.GetFullPath(options.Database)) is { } folder) Directory.CreateDirectory(folder);
        var key = MasterKeyFile.LoadOrCreate(options.KeyFile ?? Path.ChangeExtension(options.Database, ".key"));
        return await SqliteStorage.OpenAsync(new StorageOptions { Path = options.Database, MasterKey = key, MostBytes = options.MostDatabaseBytes, Durable = options.Durable }, cancellationToken).ConfigureAwait(false);
    }
}
