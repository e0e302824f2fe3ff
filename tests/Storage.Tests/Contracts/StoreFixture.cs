
namespace WorkflowEngine.Storage.Tests;

/// <summary>A fresh database for one test.</summary>
public abstract class StoreFixture : IAsyncDisposable
{
    /// <summary>A key that is the same in all tests, so that a database can be opened again.</summary>
    public static readonly byte[] MasterKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public EngineStores Stores { get; protected set; } = null!;

    /// <summary>Opens the database as it would be found after the process was killed now.</summary>
    public abstract Task CrashAsync();

    /// <summary>Ends cleanly and opens again.</summary>
    public abstract Task RestartAsync();

    /// <summary>Opens the closed or running database with another key.</summary>
    public abstract Task<EngineStores> OpenOtherKeyAsync(byte[] key);

    /// <summary>Every byte the database keeps of the tables' rows.</summary>
    public abstract Task<string> RawTextAsync();

    /// <summary>Runs a statement past the stores.</summary>
    public abstract Task ExecuteAsync(string sql);

    /// <summary>Rows of a table.</summary>
    public abstract Task<long> CountAsync(string table);

    public abstract ValueTask DisposeAsync();
}
