using Microsoft.EntityFrameworkCore;

namespace WorkflowEngine.Storage.Sqlite;

/// <summary>The model on SQLite.</summary>
public sealed class SqliteEngineDbContext(DbContextOptions<SqliteEngineDbContext> options) : EngineDbContext(options);
