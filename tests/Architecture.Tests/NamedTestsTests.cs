using System.Text.RegularExpressions;

namespace WorkflowEngine.Architecture.Tests;

/// <summary>What the documents say is held by a test is held by one that exists.</summary>
public sealed partial class NamedTestsTests
{
    private const int Rules = 22;

    [Theory]
    [InlineData("engine/docs/guarantees.md")]
    [InlineData("engine/docs/kernel-rules.md")]
    public void Every_test_that_a_document_names_exists(string document)
    {
        var tests = RepositoryRoot.Files("*.cs").Where(f => f.Contains("/tests/", StringComparison.Ordinal)).SelectMany(f => Method().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value)).ToHashSet();
        var named = Named().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, document))).Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, n => !tests.Contains(n));
    }

    [Fact]
    public void Every_sentence_of_the_kernels_rules_names_a_test_or_says_why_there_is_none()
    {
        var rows = File.ReadLines(Path.Combine(RepositoryRoot.Path, "engine/docs/kernel-rules.md")).Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Select(l => l.Trim('|', ' ').Split(" | "))
            .Where(c => int.TryParse(c[0], out _)).ToList();
        Assert.Equal(Enumerable.Range(1, Rules), rows.Select(r => int.Parse(r[0], System.Globalization.CultureInfo.InvariantCulture)).Distinct().Order());
        Assert.Empty(rows.Where(r => r.Length != 3 || !(Named().IsMatch(r[2]) || r[2].StartsWith("not held: ", StringComparison.Ordinal))).Select(r => string.Join(" | ", r)));
    }

    [GeneratedRegex(@"(?:Task|void) ([A-Z][a-z0-9A-Z]*_\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"`([A-Z][a-z0-9A-Z]*_\w+)`")]
    private static partial Regex Named();
}
