namespace WorkflowEngine.Architecture.Tests;

/// <summary>Finds the repository from the test's own folder.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    public static IEnumerable<string> Files(string pattern) =>
        new[] { "engine", "connectors", "tests", "flows", "designer" }
            .Select(folder => System.IO.Path.Combine(Path, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Where(file => !file.Split('/', '\\').Any(part => part is "bin" or "obj" or "node_modules"));

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "WorkflowEngine.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("WorkflowEngine.sln was not found above the test's folder.");
    }
}
