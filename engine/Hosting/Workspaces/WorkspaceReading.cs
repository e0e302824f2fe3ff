using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>A workspace folder as it stood at one moment.</summary>
/// <param name="Stamp">What the files looked like before they were read: another one later means that something changed since.</param>
/// <param name="Load">What stands in them.</param>
public sealed record WorkspaceReading(string Stamp, WorkspaceLoad Load)
{
    /// <summary>Reads and compiles a folder; needs no database.</summary>
    public static WorkspaceReading Of(string folder, IReadOnlyList<IConnector> connectors, Func<string, string?> environment)
    {
        var stamp = WorkspaceFiles.Stamp(folder);
        return new WorkspaceReading(stamp, WorkspaceLoad.Read(WorkspaceFiles.Read(folder), connectors, environment));
    }
}
