using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;

namespace WorkflowEngine.Storage;

/// <summary>Brings a database to the schema of this program.</summary>
public static class SchemaMigration
{
    /// <summary>Refuses a database that holds migrations of a newer engine, then applies those it lacks.</summary>
    /// <param name="connection">The database, open.</param>
    /// <param name="isThere">A query that answers the table of applied migrations by its name, where there is one.</param>
    /// <param name="open">Makes a context; its assembly holds the migrations.</param>
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

        // Nothing lacks: the model that migrating begins with costs more than all else of a start.
        if (applied.Count == known.Count) return;
        await using var context = open();
        await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
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
