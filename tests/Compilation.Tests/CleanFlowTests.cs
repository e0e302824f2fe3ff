namespace WorkflowEngine.Compilation.Tests;

/// <summary>Flows of different shapes without a mistake: nothing is said about them.</summary>
public sealed class CleanFlowTests
{
    private static readonly string Folder = Path.Combine(TestFiles.Root, "Clean");

    public static TheoryData<string> Flows => [.. Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_flow_without_a_mistake_is_answered_by_silence(string file)
    {
        var context = TestCompiler.ContextOf(Folder) with { Siblings = [] };
        var result = TestCompiler.Compile(TestFiles.Read(Path.Combine(Folder, file)), context);

        TestReport.Clean(result.Diagnostics);
        Assert.NotNull(result.Flow);
    }

    [Fact]
    public void There_are_at_least_8_of_them() => Assert.True(Flows.Count >= 8);
}
