using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage.PostgreSql;

/// <summary>The model on PostgreSQL.</summary>
public sealed class PostgreSqlEngineDbContext(DbContextOptions<PostgreSqlEngineDbContext> options) : EngineDbContext(options)
{
    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);

        // Texts are identifiers and are compared by their characters, as SQLite and the engine do; a database's own collation would page runs in another order.
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()).Where(property => property.ClrType == typeof(string)))
        {
            property.SetCollation("C");
        }

        // An event is updated once or twice in its short life. With room beside it in its page the note of who runs it touches no index: that took a quarter of the time.
        modelBuilder.Entity<EventRow>().HasStorageParameter("fillfactor", 40);
    }
}
