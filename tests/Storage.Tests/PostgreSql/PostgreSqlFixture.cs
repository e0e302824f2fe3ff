using System.Text;
using Npgsql;
using WorkflowEngine.Storage.PostgreSql;

namespace WorkflowEngine.Storage.Tests;

/// <summary>A fresh database per test on the server of <see cref="PostgreSqlServer"/>.</summary>
internal sealed class PostgreSqlFixture : StoreFixture
{
    /// <summary>A migrated database that the others are copied from: migrating each would take most of the time.</summary>
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);

    private readonly string _server;
    private readonly string _database = $"storage_{Guid.NewGuid():N}";
    private readonly List<EngineStores> _killed = [];

    private bool _shared = true;

    private PostgreSqlFixture(string server) => _server = server;

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server) { Database = _database }.ToString();

    /// <param name="shared">False: one process has the database to itself.</param>
    public static async Task<StoreFixture> MakeAsync(bool shared = true)
    {
        var fixture = new PostgreSqlFixture(await PostgreSqlServer.ConnectionStringAsync()) { _shared = shared };
        await fixture.OnServerAsync($"CREATE DATABASE {fixture._database} TEMPLATE {await Template.Value}");
        fixture.Stores = await fixture.OpenAsync(MasterKey);
        return fixture;
    }

    /// <summary>A database without tables, not opened.</summary>
    public static async Task<PostgreSqlFixture> MakeEmptyAsync()
    {
        var fixture = new PostgreSqlFixture(await PostgreSqlServer.ConnectionStringAsync());
        await fixture.OnServerAsync($"CREATE DATABASE {fixture._database}");
        return fixture;
    }

    public Task<EngineStores> OpenAsync(byte[] key) => PostgreSqlStorage.OpenAsync(new StorageOptions { ConnectionString = ConnectionString, MasterKey = key, Shared = _shared });

    /// <summary>The server keeps what was committed; the old process says nothing any more.</summary>
    public override async Task CrashAsync()
    {
        _killed.Add(Stores);

        // Who has the database to itself holds it as long as its connections are open.
        if (!_shared)
        {
            await using (var own = new NpgsqlConnection(ConnectionString)) NpgsqlConnection.ClearPool(own);
            await OnServerAsync($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{_database}'");
        }

        Stores = await OpenAsync(MasterKey);
    }

    public override async Task RestartAsync()
    {
        await Stores.DisposeAsync();
        Stores = await OpenAsync(MasterKey);
    }

    public override async Task<EngineStores> OpenOtherKeyAsync(byte[] key)
    {
        await Stores.DisposeAsync();
        return await OpenAsync(key);
    }

    public override async Task<string> RawTextAsync()
    {
        var text = new StringBuilder();
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        foreach (var table in (string[])["event", "checkpoint", "key_state", "dead_letter", "workspace_key", "schema_info", "connection", "draft", "audit", "access_key", "hook_token"])
        {
            // Bytes as escaped text: what is readable in them stays readable.
            await using var command = new NpgsqlCommand($"SET bytea_output = 'escape'; SELECT row_to_json(t)::text FROM (SELECT t.*::text AS row FROM {table} t) t", connection);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) text.AppendLine(reader.GetString(0));
        }

        return text.ToString();
    }

    public override async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public override async Task<long> CountAsync(string table)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM {table}";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var stores in _killed) await stores.DisposeAsync();
        if (Stores is not null) await Stores.DisposeAsync();
        await DropAsync();
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var template = await MakeEmptyAsync();
        var stores = await template.OpenAsync(MasterKey);
        await stores.DisposeAsync();
        PostgreSqlServer.AtEnd(template.DropAsync);
        return template._database;
    }

    private async Task DropAsync()
    {
        await using (var own = new NpgsqlConnection(ConnectionString)) NpgsqlConnection.ClearPool(own);

        // The private cluster goes as a whole.
        if (!PostgreSqlServer.IsOurs) await OnServerAsync($"DROP DATABASE {_database} WITH (FORCE)");
    }

    private async Task OnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
