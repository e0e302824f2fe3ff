namespace WorkflowEngine.Compilation.Tests;

/// <summary>What flows become, line by line: reviewed as code when it changes.</summary>
public sealed class PlanTests
{
    private static readonly string Folder = Path.Combine(TestFiles.Root, "Plans");

    public static TheoryData<string> Flows => [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_flow_becomes_the_plan_that_was_reviewed(string name)
    {
        var compiled = TestCompiler.Compile(TestFiles.Read(Path.Combine(Folder, name + ".yaml")), TestCompiler.Context);
        TestReport.Clean(compiled.Diagnostics);
        var actual = PlanText.Of(compiled.Flow!);
        var expected = Path.Combine(Folder, name + ".txt");
        if (TestFiles.Accept) File.WriteAllText(expected, actual);
        Assert.Equal(File.ReadAllText(expected), actual);
    }
}
