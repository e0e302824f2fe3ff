namespace WorkflowEngine.Compilation.Tests;

/// <summary>The six templates, as they were sketched: they must check clean.</summary>
public sealed class SketchTests
{
    public static TheoryData<string> Templates =>
        [.. Directory.EnumerateDirectories(Path.Combine(TestFiles.Root, "Sketches")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_sketch_checks_clean(string template)
    {
        var results = TestCompiler.CompileFolder(Path.Combine(TestFiles.Root, "Sketches", template));

        Assert.NotEmpty(results);
        TestReport.Clean(results.SelectMany(r => r.Result.Diagnostics));
        Assert.All(results, r => Assert.NotNull(r.Result.Flow));
    }

    [Fact]
    public void The_flow_that_ships_checks_clean_and_can_run()
    {
        var results = TestCompiler.CompileFolder(Path.Combine(TestFiles.Repository, "flows", "customer-to-salesforce"));

        TestReport.Clean(results.SelectMany(r => r.Result.Diagnostics));
    }
}
