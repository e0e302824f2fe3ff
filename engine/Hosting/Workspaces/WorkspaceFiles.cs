using WorkflowEngine.Definitions;

namespace WorkflowEngine.Hosting;

/// <summary>The files of a workspace folder: <c>flows/</c>, <c>connections/*.yaml</c>, <c>deployments/*.yaml</c>.</summary>
public sealed record WorkspaceFiles
{
    /// <summary>Largest file that is read, in bytes.</summary>
    public const int LargestFile = 4 * 1024 * 1024;

    public required string Folder { get; init; }

    /// <summary>Every file below <c>flows/</c> that may be a flow, mapping, table, template or metadata file.</summary>
    public required IReadOnlyList<SourceText> Flows { get; init; }

    public required IReadOnlyList<SourceText> Connections { get; init; }

    public required IReadOnlyList<SourceText> Deployments { get; init; }

    /// <summary>Files that could not be read.</summary>
    public required IReadOnlyList<Diagnostic> Problems { get; init; }

    public static WorkspaceFiles Read(string folder)
    {
        var problems = new List<Diagnostic>();
        if (!Directory.Exists(folder)) problems.Add(HostingDiagnostics.NoWorkspace(folder));
        else if (!HoldsFlows(folder)) problems.Add(HostingDiagnostics.NoFlows(folder));
        return new WorkspaceFiles
        {
            Folder = folder,
            Flows = ReadAll(Path.Combine(folder, "flows"), SearchOption.AllDirectories, problems),
            Connections = ReadAll(Path.Combine(folder, "connections"), SearchOption.TopDirectoryOnly, problems),
            Deployments = ReadAll(Path.Combine(folder, "deployments"), SearchOption.TopDirectoryOnly, problems),
            Problems = problems,
        };
    }

    /// <summary>Only the connections of a workspace folder, for a flow that stands elsewhere.</summary>
    public static WorkspaceFiles ReadConnections(string folder)
    {
        var problems = new List<Diagnostic>();
        if (!Directory.Exists(folder)) problems.Add(HostingDiagnostics.NoWorkspace(folder));
        return new WorkspaceFiles { Folder = folder, Flows = [], Connections = ReadAll(Path.Combine(folder, "connections"), SearchOption.TopDirectoryOnly, problems), Deployments = [], Problems = problems };
    }

    /// <summary>Changes whenever a file was added, removed or written.</summary>
    public static string Stamp(string folder)
    {
        var stamp = new System.Text.StringBuilder();
        foreach (var part in new[] { "flows", "connections", "deployments" })
        {
            var path = Path.Combine(folder, part);
            if (!Directory.Exists(path)) continue;
            foreach (var file in new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(f => f.FullName, StringComparer.Ordinal))
            {
                stamp.Append(file.FullName).Append('|').Append(file.Length).Append('|').Append(file.LastWriteTimeUtc.Ticks).Append('\n');
            }
        }

        return stamp.ToString();
    }

    /// <summary>An empty folder is no workspace without deployments: it is taken for a mistake, so that nothing stops because a disk is away.</summary>
    private static bool HoldsFlows(string folder)
    {
        var flows = Path.Combine(folder, "flows");
        return Directory.Exists(flows) && Directory.EnumerateFiles(flows, "*", SearchOption.AllDirectories).Any(IsRead);
    }

    private static bool IsRead(string file) => Path.GetExtension(file) is ".yaml" or ".yml" or ".json" or ".csv";

    private static List<SourceText> ReadAll(string path, SearchOption depth, List<Diagnostic> problems)
    {
        var result = new List<SourceText>();
        if (!Directory.Exists(path)) return result;
        foreach (var file in Directory.EnumerateFiles(path, "*", depth).Order(StringComparer.Ordinal))
        {
            if (!IsRead(file)) continue;
            try
            {
                if (new FileInfo(file).Length > LargestFile)
                {
                    problems.Add(HostingDiagnostics.UnreadableFile(new SourceText(file, ""), "The file is larger than 4 MB."));
                    continue;
                }

                result.Add(new SourceText(file, File.ReadAllText(file)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add(HostingDiagnostics.UnreadableFile(new SourceText(file, ""), $"The file cannot be read: {e.Message}"));
            }
        }

        return result;
    }
}
