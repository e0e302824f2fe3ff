namespace WorkflowEngine.Definitions.Tests;

/// <summary>
/// A folder per mistake: the file as an author would write it, and the diagnostics as the author sees them.
/// ACCEPT_BASELINES=1 rewrites diagnostics.txt; the difference is then reviewed as code.
/// </summary>
public sealed class BaselineTests
{
    private static readonly string Folder = Path.Combine(TestFiles.Root, "Baselines");

    public static TheoryData<string> Cases => [.. Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_mistake_is_answered_as_its_baseline_says(string name)
    {
        var expected = Path.Combine(Folder, name, "diagnostics.txt");
        var actual = DiagnosticRenderer.Render(AllParsers.Parse(Input(name)));
        if (Environment.GetEnvironmentVariable("ACCEPT_BASELINES") == "1")
        {
            File.WriteAllText(expected, actual);
        }

        Assert.Equal(File.ReadAllText(expected), actual);
        Assert.NotEqual("", actual);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_fix_answers_its_diagnostic(string name)
    {
        var source = Input(name);
        foreach (var diagnostic in AllParsers.Parse(source).Where(d => d.Fix is not null))
        {
            var mended = new SourceText(source.Path, TextEdit.Apply(source.Content, diagnostic.Fix!.Edits));
            Assert.DoesNotContain(AllParsers.Parse(mended), d => d.Code == diagnostic.Code && d.Message == diagnostic.Message && d.Position == diagnostic.Position);
        }
    }

    [Fact]
    public void There_are_at_least_35_mistakes() => Assert.True(Cases.Count >= 35);

    [Fact]
    public void Every_code_has_a_mistake_that_shows_it()
    {
        var shown = Cases.SelectMany(c => AllParsers.Parse(Input(c.Data))).Select(d => d.Code).ToHashSet();
        var known = new[] { typeof(SyntaxDiagnostics), typeof(TrapDiagnostics), typeof(ShapeDiagnostics) }.SelectMany(DiagnosticCodeTests.CodesOf);

        // Size, depth and kind of a file have tests of their own.
        Assert.Equal(["WF1002", "WF1004", "WF1007", "WF1008", "WF1009", "WF1121", "WF1122"], known.Where(c => !shown.Contains(c)).Order());
    }

    private static SourceText Input(string name)
    {
        var file = Directory.EnumerateFiles(Path.Combine(Folder, name)).Single(f => Path.GetFileName(f) != "diagnostics.txt");
        return new SourceText(Path.GetFileName(file), File.ReadAllText(file));
    }
}
