namespace WorkflowEngine.Cli;

/// <summary>The JSON Schemas of flow and deployment files, made from this program's connectors when it was built (a test fails while they are stale).</summary>
internal static class FlowSchemas
{
    /// <exception cref="UnusableException">The file is not beside the program.</exception>
    public static string Read(string kind)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "flows", "schema", $"{kind}.schema.json");
        return File.Exists(path) ? File.ReadAllText(path) : throw new UnusableException($"The schema is not beside the program ({path}); build it again.");
    }
}
