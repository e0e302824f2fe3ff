using System.Runtime.CompilerServices;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Tests;

/// <summary>Finds the files beside the tests' source, so that baselines can be rewritten where they are kept.</summary>
internal static class TestFiles
{
    public static string Root => Path.GetDirectoryName(ThisFile())!;

    public static string Repository => Path.GetFullPath(Path.Combine(Root, "..", ".."));

    public static bool Accept => Environment.GetEnvironmentVariable("ACCEPT_BASELINES") == "1";

    public static SourceText Read(string path) => new(Path.GetFileName(path), File.ReadAllText(path));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
