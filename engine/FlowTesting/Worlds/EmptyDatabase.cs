using WorkflowEngine.Hosting;

namespace WorkflowEngine.FlowTesting;

/// <summary>A database as the engine makes it, made once for all tests of a run and copied for each: making its tables costs more than most tests.</summary>
internal sealed class EmptyDatabase : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flow-test-").FullName;
    private int _copies;

    /// <summary>Where the copies stand.</summary>
    public string Folder => _folder;

    private EmptyDatabase()
    {
    }

    public static async Task<EmptyDatabase> MakeAsync(FlowHostOptions options, CancellationToken cancellationToken)
    {
        var made = new EmptyDatabase();
        var host = await FlowHost.OpenAsync(options with { Database = Path.Combine(made._folder, "empty.db") }, cancellationToken).ConfigureAwait(false);
        await host.DisposeAsync().ConfigureAwait(false);
        return made;
    }

    /// <summary>The path of a new copy.</summary>
    public string Copy()
    {
        var path = Path.Combine(_folder, $"{Interlocked.Increment(ref _copies)}.db");
        File.Copy(Path.Combine(_folder, "empty.db"), path);
        File.Copy(Path.Combine(_folder, "empty.key"), Path.ChangeExtension(path, ".key"));
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A temporary folder that cannot be removed harms nobody.
        }
    }
}
