using Npgsql;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage.Tests;

namespace WorkflowEngine.Api.Tests;

/// <summary>What /health/ready knows of the database.</summary>
public sealed class StoreHealthTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flow-health-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_database_that_takes_no_more_is_told_with_the_reason()
    {
        await using var full = await OpenAsync(Path.Combine(_folder, "full.db"), new RuntimeOptions { LeastRoom = long.MaxValue });
        using var health = new StoreHealth(full);
        Assert.Equal("Nothing more is accepted: The disk or the database is nearly full; what is left is kept for what was accepted.", Assert.Single(await health.WrongAsync(default)));
        await using var free = await OpenAsync(Path.Combine(_folder, "free.db"), new RuntimeOptions { LeastRoom = 0 });
        using var well = new StoreHealth(free);
        Assert.Empty(await well.WrongAsync(default));
    }

    [Fact]
    public async Task A_database_that_is_gone_is_told_without_the_words_of_the_driver()
    {
        var server = new NpgsqlConnectionStringBuilder(await PostgreSqlServer.ConnectionStringAsync());
        var name = $"flow_{Guid.NewGuid():N}";
        await using var admin = new NpgsqlConnection(server.ConnectionString);
        await admin.OpenAsync();
        await ExecuteAsync(admin, $"CREATE DATABASE {name}");
        await using var host = await OpenAsync("postgres:" + new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString, new RuntimeOptions());
        using (var well = new StoreHealth(host)) Assert.Empty(await well.WrongAsync(default));
        await ExecuteAsync(admin, $"DROP DATABASE {name} WITH (FORCE)");
        using var health = new StoreHealth(host);
        Assert.Equal("The database does not answer; look at the database and the disk.", Assert.Single(await health.WrongAsync(default)));
    }

    private Task<FlowHost> OpenAsync(string database, RuntimeOptions options) =>
        FlowHost.OpenAsync(new FlowHostOptions { Connectors = ApiWorld.Connectors, Database = database, KeyFile = Path.Combine(_folder, "flow.key"), Runtime = options }, default);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string text)
    {
        await using var command = new NpgsqlCommand(text, connection);
        await command.ExecuteNonQueryAsync();
    }
}
