namespace WorkflowEngine.Storage;

/// <summary>Where the state lies and what encrypts it.</summary>
public sealed record StorageOptions
{
    /// <summary>SQLite: the database file; made when absent.</summary>
    public string? Path { get; init; }

    /// <summary>SQLite: the file grows no further than this; null = as far as the disk.</summary>
    public long? MostBytes { get; init; }

    /// <summary>SQLite: whether a commit waits for the disk. Only a state that nobody needs after this process may do without.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>PostgreSQL: the connection string. Never logged.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>PostgreSQL: several processes use the database at once, each by the leases it holds. A frozen one must not hold locks for longer than the others take to notice.</summary>
    public bool Shared { get; init; }

    /// <summary>32 random bytes that wrap the workspaces' data keys. Lost = the state is unreadable.</summary>
    public required byte[] MasterKey { get; init; }

    /// <summary>Throws <see cref="StorageProblemException"/> when the key cannot be one; asked before a database is made.</summary>
    public void CheckKey()
    {
        if (MasterKey.Length != MasterKeyFile.KeyLength) throw new StorageProblemException(StorageProblemKind.MasterKey, "The master key must be 32 bytes.");
    }

    /// <summary>Keeps the key and the connection string out of logs.</summary>
    public override string ToString() => $"StorageOptions {{ Path = {Path} }}";
}
