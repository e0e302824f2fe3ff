using System.Globalization;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Tests;

/// <summary>
/// A folder per mistake: the flow as an author would write it, the diagnostics as the author sees them, and in mistake.txt the code and place where the
/// mistake was put on purpose. ACCEPT_BASELINES=1 rewrites diagnostics.txt, never mistake.txt.
/// </summary>
public sealed class BaselineTests(ITestOutputHelper output)
{
    private static readonly string Folder = Path.Combine(TestFiles.Root, "Baselines");

    public static TheoryData<string> Cases => [.. Names];

    private static IEnumerable<string> Names => Directory.EnumerateDirectories(Folder).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_mistake_is_answered_as_its_baseline_says(string name)
    {
        var expected = Path.Combine(Folder, name, "diagnostics.txt");
        var actual = DiagnosticRenderer.Render(Check(name));
        if (TestFiles.Accept) File.WriteAllText(expected, actual);
        Assert.NotEqual("", actual);
        Assert.Equal(File.ReadAllText(expected), actual);
    }

    [Fact]
    public void At_least_95_of_100_seeded_mistakes_are_found_at_their_line_and_column()
    {
        var seeded = 0;
        var missed = new List<string>();
        foreach (var name in Names)
        {
            var found = Check(name).Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Code} {d.Position}")).ToList();
            foreach (var mistake in File.ReadAllLines(Path.Combine(Folder, name, "mistake.txt")))
            {
                seeded++;
                if (!found.Remove(mistake)) missed.Add($"{name}: {mistake}, found {string.Join(", ", found)}");
            }
        }

        var rate = 100.0 * (seeded - missed.Count) / seeded;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seeded} seeded mistakes, {rate:F1} % at the right code, line and column"));
        foreach (var miss in missed) output.WriteLine(miss);
        Assert.True(seeded >= 110, $"Only {seeded} mistakes are seeded.");
        Assert.True(rate >= 95, $"Only {rate:F1} % are right:\n{string.Join('\n', missed)}");
    }

    [Fact]
    public void A_mistake_is_not_answered_by_others_that_are_none()
    {
        var noise = Names.Select(name => (name, Extra: Check(name).Count - File.ReadAllLines(Path.Combine(Folder, name, "mistake.txt")).Length)).Where(n => n.Extra > 0).ToArray();

        // A first mistake may hide the meaning of what follows; it must stay rare.
        Assert.True(noise.Length <= Names.Count() / 20, string.Join(", ", noise.Select(n => $"{n.name} +{n.Extra}")));
    }

    [Fact]
    public void Every_code_of_this_room_has_a_mistake_that_shows_it()
    {
        var shown = Names.SelectMany(Check).Select(d => d.Code).ToHashSet();

        Assert.DoesNotContain(DiagnosticPages.All, p => !shown.Contains(p.Code));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_fix_answers_its_diagnostic(string name)
    {
        foreach (var diagnostic in Check(name).Where(d => d is { Fix: not null, Source.Path: "flow.yaml" }))
        {
            var mended = TextEdit.Apply(diagnostic.Source.Content, diagnostic.Fix!.Edits);
            var after = TestCompiler.Compile(new SourceText("flow.yaml", mended), TestCompiler.ContextOf(Path.Combine(Folder, name)));
            Assert.DoesNotContain(after.Diagnostics, d => d.Code == diagnostic.Code && d.Position == diagnostic.Position);
        }
    }

    private static IReadOnlyList<Diagnostic> Check(string name) =>
        TestCompiler.Compile(TestFiles.Read(Path.Combine(Folder, name, "flow.yaml")), TestCompiler.ContextOf(Path.Combine(Folder, name))).Diagnostics;
}
