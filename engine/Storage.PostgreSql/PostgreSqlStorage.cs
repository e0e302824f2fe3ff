using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Npgsql;

namespace WorkflowEngine.Storage.PostgreSql;

/// <summary>The state in PostgreSQL.</summary>
public static class PostgreSqlStorage
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SharedIdle = TimeSpan.FromSeconds(4);

    // Any number of its own: two nodes that start together migrate one after the other.
    private const long MigrationLock = 0x57_46_45_4D_49_47;

    /// <summary>
    /// Opens the database of <see cref="StorageOptions.ConnectionString"/> and migrates it. Throws <see cref="StorageProblemException"/> when that cannot be done.
    /// </summary>
    public static async Task<EngineStores> OpenAsync(StorageOptions options, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString)) throw new ArgumentException("The connection string of the database is missing.", nameof(options));
        options.CheckKey();
        var settings = Settings(options.ConnectionString, options.Shared);
        var name = $"'{settings.Database}' on '{settings.Host}'";
        var source = new NpgsqlDataSourceBuilder(settings.ToString()).Build();
        try
        {
            var contexts = new Lazy<PooledDbContextFactory<PostgreSqlEngineDbContext>>(() => new(new DbContextOptionsBuilder<PostgreSqlEngineDbContext>().UseNpgsql(source).Options));
            await MigrateAsync(source, () => contexts.Value.CreateDbContext(), name, cancellationToken).ConfigureAwait(false);
            return await EngineStores.OpenAsync(
                () => contexts.Value.CreateDbContext(), cancel => ConnectAsync(source, cancel), new PostgreSqlDialect(options.Shared), options.MasterKey, source, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            await source.DisposeAsync().ConfigureAwait(false);
            throw Sentence(problem, name) ?? problem;
        }
    }

    /// <summary>Why a text is no connection string, in a sentence that shows nothing of it; null when it is one. Nothing is opened.</summary>
    public static string? ProblemOf(string connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString)) return "The connection string of the database is missing; write it as 'Host=...;Database=...;Username=...;Password=...'.";
        try
        {
            return string.IsNullOrEmpty(Settings(connectionString, shared: false).Host) ? "The connection string of the database names no host; write it as 'Host=...;Database=...;Username=...;Password=...'." : null;
        }
        catch (StorageProblemException problem)
        {
            return problem.Message;
        }
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString, bool shared)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString)
            {
                // Statements of the hot path and of EF are few: the server keeps their plans.
                MaxAutoPrepare = 100,
                AutoPrepareMinUsages = 2,
            };

            // A frozen process must not hold row locks for ever: the server ends its transaction, and its commit fails when it thaws.
            settings.Options = $"{settings.Options} -c idle_in_transaction_session_timeout={(shared ? SharedIdle : Idle).TotalMilliseconds:0}".Trim();
            settings.ApplicationName ??= "workflow-engine";
            return settings;
        }
        catch (ArgumentException)
        {
            // The message of the original repeats parts of the text, which may hold the password.
            throw new StorageProblemException(StorageProblemKind.Unreachable, "The connection string of the database cannot be read; write it as 'Host=...;Database=...;Username=...;Password=...'.");
        }
    }

    private static async Task<DbConnection> ConnectAsync(NpgsqlDataSource source, CancellationToken cancellationToken) => await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);

    private static async Task MigrateAsync(NpgsqlDataSource source, Func<PostgreSqlEngineDbContext> open, string name, CancellationToken cancellationToken)
    {
        await using var guard = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var take = new NpgsqlCommand("SELECT pg_advisory_lock(@lock)", guard) { Parameters = { new NpgsqlParameter<long>("lock", MigrationLock) } };
        await take.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await SchemaMigration.RunAsync(guard, "SELECT to_regclass('\"__EFMigrationsHistory\"')::text", open, name, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await using var free = new NpgsqlCommand("SELECT pg_advisory_unlock(@lock)", guard) { Parameters = { new NpgsqlParameter<long>("lock", MigrationLock) } };
            await free.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static StorageProblemException? Sentence(Exception problem, string name) => problem switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => new StorageProblemException(
            StorageProblemKind.Unreachable, $"The database {name} does not exist; create it first.", problem),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } => new StorageProblemException(
            StorageProblemKind.Unreachable, $"The database {name} refuses the user or password of the connection string.", problem),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } => new StorageProblemException(
            StorageProblemKind.Unreachable, $"The user of the connection string may not make tables in {name}; grant it CREATE on the schema.", problem),
        NpgsqlException or SocketException or TimeoutException => new StorageProblemException(
            StorageProblemKind.Unreachable, $"The database {name} cannot be reached; check that the server runs and the connection string.", problem),
        _ => null,
    };
}
