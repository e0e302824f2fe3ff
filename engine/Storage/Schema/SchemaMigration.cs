using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace WorkflowEngine.Storage;

/// <summary>Brings a database to the schema of this program.</summary>
public static class SchemaMigration
{
    /// <summary>Refuses a database that holds migrations of a newer engine, makes a new one, applies to an older one what it lacks.</summary>
    /// <param name="connection">The database, open.</param>
    /// <param name="isThere">A query that answers the table of applied migrations by its name, where there is one.</param>
    /// <param name="open">Makes a context; its assembly holds the migrations and <c>Schema.sql</c>, the script of all of them.</param>
    /// <param name="name">What the database is called in a message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RunAsync<TContext>(DbConnection connection, string isThere, Func<TContext> open, string name, CancellationToken cancellationToken)
        where TContext : EngineDbContext
    {
        var known = typeof(TContext).Assembly.GetTypes().Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var applied = await AppliedAsync(connection, isThere, cancellationToken).ConfigureAwait(false);
        if (applied.Find(migration => !known.Contains(migration)) is { } stranger)
        {
            throw new StorageProblemException(
                StorageProblemKind.NewerVersion, $"The database {name} was made by a newer version of the engine (it has '{stranger}'); update the engine, or open another database.");
        }

        // The model that migrating begins with costs more than all else of a start, and memory for as long as the process lives.
        if (applied.Count == known.Count) return;
        if (applied.Count == 0)
        {
            await MakeAsync(connection, typeof(TContext).Assembly, cancellationToken).ConfigureAwait(false);
            return;
        }

        await using var context = open();
        await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A new database is made at once, by what all migrations together come to.</summary>
    private static async Task MakeAsync(DbConnection connection, Assembly assembly, CancellationToken cancellationToken)
    {
        using var text = new StreamReader(assembly.GetManifestResourceStream("Schema.sql")!);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, await text.ReadToEndAsync(cancellationToken).ConfigureAwait(false));
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    private static async Task<List<string>> AppliedAsync(DbConnection connection, string isThere, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = isThere;
        if (await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is null or DBNull) return [];
        command.CommandText = "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"";
        var applied = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false)) applied.Add(reader.GetString(0));
        return applied;
    }
}
