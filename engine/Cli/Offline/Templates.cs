namespace WorkflowEngine.Cli;

/// <summary>The templates this program ships with.</summary>
internal static class Templates
{
    /// <summary>The folder of a template: beside the program.</summary>
    /// <exception cref="UnusableException">It is not there.</exception>
    public static string Find(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "flows", name);
        return Directory.Exists(folder) ? folder : throw new UnusableException($"The template '{name}' is not beside the program ({folder}); build it again.");
    }
}
