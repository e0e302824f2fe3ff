using WorkflowEngine.Expressions.Execution;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.FlowTesting;

/// <summary>
/// What the engines of all tests of a run begin with: a database as the engine makes it, made once and copied for each, since making its tables costs more than most tests; and the engines of
/// expressions, which a process makes once.
/// </summary>
internal sealed class SharedGround : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flow-test-").FullName;
    private int _copies;

    public ExpressionEngine Expressions { get; } = new();

    /// <summary>Where the copies stand.</summary>
    public string Folder => _folder;

    private SharedGround()
    {
    }

    public static async Task<SharedGround> MakeAsync(FlowHostOptions options, CancellationToken cancellationToken)
    {
        var made = new SharedGround();
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
        Expressions.Dispose();
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
