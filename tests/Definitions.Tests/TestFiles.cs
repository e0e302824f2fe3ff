using System.Runtime.CompilerServices;

namespace WorkflowEngine.Definitions.Tests;

/// <summary>Finds the files beside the tests' source, so that baselines can be rewritten where they are kept.</summary>
internal static class TestFiles
{
    public static string Root => Path.GetDirectoryName(ThisFile())!;

    public static string Sketches => Path.Combine(Root, "Sketches");

    public static IEnumerable<string> SketchFiles() =>
        Directory.EnumerateFiles(Sketches, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    public static SourceText Read(string path) => new(Path.GetRelativePath(Root, path).Replace('\\', '/'), File.ReadAllText(path));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
