using System.Text.RegularExpressions;

namespace WorkflowEngine.Definitions.Tests;

/// <summary>What the pages show as a whole file is one, and what they say about numbers is so.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Docs = Path.Combine(TestFiles.Root, "..", "..", "engine", "docs");

    public static TheoryData<string, int, string> Examples
    {
        get
        {
            var data = new TheoryData<string, int, string>();
            foreach (var page in (string[])["flow-language.md", "operations.md"])
            {
                foreach (Match match in Block().Matches(Read(page)))
                {
                    data.Add(page, data.Count(d => d.Data.Item1 == page) + 1, match.Groups["text"].Value);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_whole_file_on_a_page_reads_without_a_complaint(string page, int number, string text)
    {
        var source = new SourceText($"{page}#{number}", text);
        Assert.NotEqual(DocumentKind.Unknown, YamlDocument.Read(source).Kind);
        Assert.Equal("", DiagnosticRenderer.Render(AllParsers.Parse(source)));
    }

    [Fact]
    public void A_part_of_a_flow_on_a_page_reads_within_a_flow()
    {
        var parts = Part().Matches(Read("flow-language.md")).Select(m => m.Groups["text"].Value).ToList();
        Assert.InRange(parts.Count, 5, 100);
        foreach (var part in parts)
        {
            var text = part.StartsWith("- ", StringComparison.Ordinal) ? $"flow: sample\nsteps:\n{part}"
                : part.StartsWith("where:", StringComparison.Ordinal) ? $"flow: sample\nsteps:\n- query: a/B\n  {part.Replace("\n", "\n  ").TrimEnd()}\n"
                : $"flow: sample\nsteps: [{{ stop: Done }}]\n{part}";
            Assert.Equal("", DiagnosticRenderer.Render(FlowParser.Parse(new SourceText("part.yaml", text)).Diagnostics));
        }
    }

    [Fact]
    public void The_page_names_every_activity_and_every_limit()
    {
        var page = Read("flow-language.md");
        Assert.All(ActivityReader.Names, a => Assert.Contains($"`{a}:", page));
        Assert.All(
            (int[])[YamlReader.MostCharacters, YamlReader.MostValues, YamlReader.MostLevels, DiagnosticBag.MostOfOneFile],
            limit => Assert.Contains(limit.ToString("N0", System.Globalization.CultureInfo.InvariantCulture), page));
        Assert.Equal(8, YamlReader.MostMetadataCharacters / YamlReader.MostCharacters);
        Assert.All(DeclarationReader.FieldTypes, t => Assert.Contains($"`{t}`", page));
    }

    [Fact]
    public void The_page_names_every_function_and_method_with_its_signature()
    {
        var page = Read("flow-language.md").Replace("\\|", "|");
        using var library = System.Text.Json.JsonDocument.Parse(File.ReadAllText(Path.Combine(Docs, "..", "Expressions", "Library", "library.json")));
        foreach (var (list, prefix) in (ReadOnlySpan<(string, string)>)[("functions", ""), ("listMethods", "."), ("textMethods", ".")])
        {
            foreach (var entry in library.RootElement.GetProperty(list).EnumerateArray())
            {
                Assert.Contains($"`{prefix}{entry.GetProperty("name").GetString()}{entry.GetProperty("signature").GetString()}` | {entry.GetProperty("docs").GetString()}", page);
            }
        }
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Docs, page)).Replace("\r\n", "\n");

    [GeneratedRegex(@"^```(yaml|json) whole\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Block();

    [GeneratedRegex(@"^```yaml\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
