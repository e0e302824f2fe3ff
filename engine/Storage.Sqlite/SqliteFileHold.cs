using Microsoft.Data.Sqlite;

namespace WorkflowEngine.Storage.Sqlite;

/// <summary>
/// A lock file beside the database. Ids and the writer live in one process: a second one on the same file would not lose data, but run every event twice.
/// The operating system lets go of it when the process dies.
/// </summary>
internal sealed class SqliteFileHold : IAsyncDisposable
{
    private readonly FileStream _file;
    private readonly string _connection;

    private SqliteFileHold(FileStream file, string connection) => (_file, _connection) = (file, connection);

    /// <param name="path">The database.</param>
    /// <param name="connection">How it is connected to.</param>
    public static SqliteFileHold Take(string path, string connection)
    {
        try
        {
            return new SqliteFileHold(new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), connection);
        }
        catch (IOException problem) when (problem is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new StorageProblemException(
                StorageProblemKind.InUse, $"The database '{path}' is in use by another process; stop that one, or give another path.", problem);
        }
    }

    /// <summary>Whoever takes the file next, or copies it, finds all of it in the one file: connections that are kept for reuse hold back the log.</summary>
    public ValueTask DisposeAsync()
    {
        using (var kept = new SqliteConnection(_connection)) SqliteConnection.ClearPool(kept);
        return _file.DisposeAsync();
    }
}
