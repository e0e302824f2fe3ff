using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using WorkflowEngine.Storage.PostgreSql;
using WorkflowEngine.Storage.Sqlite;

namespace WorkflowEngine.Storage.Tests;

/// <summary>Model, migrations and the script that makes a new database say the same.</summary>
public sealed class SchemaTests
{
    public static TheoryData<string> Rooms => ["Storage.Sqlite", "Storage.PostgreSql"];

    [Theory]
    [MemberData(nameof(Rooms))]
    public async Task The_migrations_hold_the_whole_model(string room)
    {
        await using var context = Open(room);
        Assert.False(context.Database.HasPendingModelChanges());
    }

    /// <summary>ACCEPT_BASELINES=1 writes it anew.</summary>
    [Theory]
    [MemberData(nameof(Rooms))]
    public async Task A_new_database_is_made_by_the_script_of_all_migrations(string room)
    {
        await using var context = Open(room);
        var script = context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.NoTransactions).ReplaceLineEndings("\n").TrimStart('\uFEFF');
        var file = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "engine", room, "Schema.sql");
        if (Environment.GetEnvironmentVariable("ACCEPT_BASELINES") == "1") await File.WriteAllTextAsync(file, script);
        Assert.Equal(script, await File.ReadAllTextAsync(file));
    }

    private static EngineDbContext Open(string room) => room == "Storage.Sqlite"
        ? new SqliteEngineDbContext(new DbContextOptionsBuilder<SqliteEngineDbContext>().UseSqlite("Data Source=:memory:").Options)
        : new PostgreSqlEngineDbContext(new DbContextOptionsBuilder<PostgreSqlEngineDbContext>().UseNpgsql("Host=localhost").Options);

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
