using System.Text;
using Microsoft.Data.Sqlite;
using WorkflowEngine.Storage.Sqlite;

namespace WorkflowEngine.Storage.Tests;

internal sealed class SqliteFixture : StoreFixture
{
    private readonly string _root = Directory.CreateTempSubdirectory("storage-").FullName;
    private readonly List<EngineStores> _killed = [];
    private int _lives;

    public string Path { get; private set; } = "";

    public static async Task<StoreFixture> MakeAsync()
    {
        var fixture = new SqliteFixture();
        fixture.Path = fixture.FreshPath();
        fixture.Stores = await SqliteStorage.OpenAsync(new StorageOptions { Path = fixture.Path, MasterKey = MasterKey });
        return fixture;
    }

    /// <summary>A copy of the files as they lie on the disk is what a killed process leaves.</summary>
    public override async Task CrashAsync()
    {
        var copy = FreshPath();
        foreach (var end in (string[])["", "-wal"])
        {
            if (File.Exists(Path + end)) File.Copy(Path + end, copy + end);
        }

        _killed.Add(Stores);
        Path = copy;
        Stores = await SqliteStorage.OpenAsync(new StorageOptions { Path = Path, MasterKey = MasterKey });
    }

    public override async Task RestartAsync()
    {
        await Stores.DisposeAsync();
        Stores = await SqliteStorage.OpenAsync(new StorageOptions { Path = Path, MasterKey = MasterKey });
    }

    public override async Task<EngineStores> OpenOtherKeyAsync(byte[] key)
    {
        await Stores.DisposeAsync();
        return await SqliteStorage.OpenAsync(new StorageOptions { Path = Path, MasterKey = key });
    }

    public override async Task<string> RawTextAsync()
    {
        var text = new StringBuilder();
        foreach (var file in Directory.GetFiles(System.IO.Path.GetDirectoryName(Path)!).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            text.Append(await reader.ReadToEndAsync());
        }

        return text.ToString();
    }

    public override async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public override async Task<long> CountAsync(string table)
    {
        await using var connection = new SqliteConnection($"Data Source={Path}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM {table}";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var stores in _killed) await stores.DisposeAsync();
        await Stores.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_root, recursive: true);
    }

    private string FreshPath()
    {
        var folder = System.IO.Path.Combine(_root, $"{++_lives}");
        Directory.CreateDirectory(folder);
        return System.IO.Path.Combine(folder, "engine.db");
    }
}
