namespace WorkflowEngine.Benchmarks;

/// <summary>The checkout the program was built in.</summary>
internal static class Repository
{
    /// <exception cref="InvalidOperationException">The program does not lie in a checkout.</exception>
    public static string Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WorkflowEngine.sln"))) folder = folder.Parent;
            return folder?.FullName ?? throw new InvalidOperationException("The repository was not found above the program; run it from a checkout.");
        }
    }
}
