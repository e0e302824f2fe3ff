using WorkflowEngine.Definitions;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Cli;

/// <summary>Reads the files that paths on the command line name.</summary>
internal static class FlowPaths
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>All flow files below the paths, and what stands beside them.</summary>
    /// <exception cref="UnusableException">A path is absent or unreadable, or there is no flow.</exception>
    public static IReadOnlyList<SourceText> Read(IReadOnlyList<string> paths)
    {
        var files = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (File.Exists(path)) files.Add(path);
            else if (Directory.Exists(path)) files.UnionWith(Below(path));
            else throw new UnusableException($"There is no file or folder '{path}'.");
        }

        if (files.Count == 0) throw new UnusableException($"There is no flow file in {string.Join(", ", paths)}: flow files end in .yaml, .yml or .json.");
        return [.. files.Select(ReadFile)];
    }

    /// <summary>One file.</summary>
    /// <exception cref="UnusableException">It is absent, too large or unreadable.</exception>
    public static SourceText ReadFile(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > WorkspaceFiles.LargestFile }) throw new UnusableException($"The file '{path}' is larger than 4 MB.");
            return new SourceText(path, File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableException($"The file '{path}' cannot be read: {e.Message}");
        }
    }

    private static IEnumerable<string> Below(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(f => Extensions.Contains(Path.GetExtension(f)) && !f.EndsWith(".schema.json", StringComparison.Ordinal))
                .ToList();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableException($"The folder '{folder}' cannot be read: {e.Message}");
        }
    }
}
