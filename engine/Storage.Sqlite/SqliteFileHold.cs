namespace WorkflowEngine.Storage.Sqlite;

/// <summary>
/// A lock file beside the database. Ids and the writer live in one process: a second one on the same file would not lose data, but run every event twice.
/// The operating system lets go of it when the process dies.
/// </summary>
internal sealed class SqliteFileHold : IAsyncDisposable
{
    private readonly FileStream _file;

    private SqliteFileHold(FileStream file) => _file = file;

    public static SqliteFileHold Take(string path)
    {
        try
        {
            return new SqliteFileHold(new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException problem) when (problem is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw new StorageProblemException(
                StorageProblemKind.InUse, $"The database '{path}' is in use by another process; stop that one, or give another path.", problem);
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
