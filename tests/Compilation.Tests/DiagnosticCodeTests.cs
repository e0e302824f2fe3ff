using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Tests;

public sealed partial class DiagnosticCodeTests
{
    [Fact]
    public void No_code_means_two_things() => Assert.Empty(DiagnosticPages.All.GroupBy(p => p.Code).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void Every_method_that_makes_a_diagnostic_has_a_code_of_its_own()
    {
        var methods = typeof(DiagnosticPages).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(DiagnosticPages).Namespace)
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public))
            .Where(m => m.ReturnType == typeof(Diagnostic))
            .ToArray();

        Assert.NotEmpty(methods);
        Assert.All(methods, m => Assert.NotNull(m.GetCustomAttribute<DiagnosticCodeAttribute>()));
        Assert.Equal(methods.Length, DiagnosticPages.All.Count);
    }

    [Fact]
    public void The_page_of_diagnostics_is_the_one_that_is_committed()
    {
        var path = Path.Combine(TestFiles.Repository, "engine", "docs", "diagnostics.md");
        var actual = Page();
        if (TestFiles.Accept) File.WriteAllText(path, actual);
        Assert.Equal(File.ReadAllText(path), actual);
    }

    [Fact]
    public void Every_code_in_the_engine_is_on_the_page()
    {
        var page = Page();
        var codes = Directory.EnumerateFiles(Path.Combine(TestFiles.Repository, "engine"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(f => Code().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value))
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.DoesNotContain(codes, c => !page.Contains($"### {c}", StringComparison.Ordinal));
    }

    private static string Page()
    {
        var text = new StringBuilder("""
            # Diagnostics

            What `flow check` and the editor say. A code never changes its meaning. WF1xxx: reading the file; WF2xxx: names, types and fields; WF3xxx: expressions; WF4xxx: rules of
            flows. Written from the code's own descriptions: `ACCEPT_BASELINES=1 dotnet run --project tests/Compilation.Tests`.


            """);
        var pages = DiagnosticPages.All.Concat(OtherPages.All).OrderBy(p => p.Code, StringComparer.Ordinal);
        foreach (var page in pages)
        {
            text.Append(CultureInfo.InvariantCulture, $"### {page.Code} ({DiagnosticRenderer.Word(page.Severity)})\n\n{page.Meaning}\n\n");
            if (page.Example.Length > 0) text.Append(CultureInfo.InvariantCulture, $"Instead of\n\n```yaml\n{page.Example}\n```\n\nwrite\n\n```yaml\n{page.Fix}\n```\n\n");
        }

        return text.ToString().ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
    }

    [GeneratedRegex("\"(WF[0-9]{4})\"")]
    private static partial Regex Code();
}
