namespace WorkflowEngine.Definitions.Tests;

/// <summary>Files that were made to cost time are given up early, with one sentence that says why.</summary>
public sealed class HostileFileTests
{
    private static readonly string[] Units =
    [
        "- ", "- \n", "a: \"\n", "a: 'x\n", "a: =(\n", "  =(\n", "- =`\n", "a:\n", "a: [\n", "- {\n", "[{", "=(, ", "b: c: d, ", "a:b\n", "\ta: b\n", "a: b: 'c'\n", "? a\n", "---\na\n",
        "- &a b\n", "- *a\n", "<<: a\n", "- */5 * * * *\n", " #", "\n", "      \n", "\"", ": ", "|", "- !x(a\n", "a: |\n", "\\", "{\"a\":",
    ];

    public static TheoryData<string, string> Cases => [.. from head in (string[])["", "a: [", "flow: x\nsteps:\n", "a: =("] from unit in Units select (head, unit)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_hostile_file_is_answered_with_few_words(string head, string unit)
    {
        var text = (head + string.Concat(Enumerable.Repeat(unit, (YamlReader.MostCharacters / unit.Length) + 1)))[..YamlReader.MostCharacters];
        Assert.InRange(AllParsers.Parse(new SourceText("a.yaml", text)).Count, 1, DiagnosticBag.MostOfOneFile + 2);
    }

    [Fact]
    public void Mistakes_are_shown_up_to_a_number_that_one_can_mend()
    {
        var diagnostics = Parse("flow: x\n" + Lines(1000, i => $"k{i}: 1\n"));
        Assert.Equal(DiagnosticBag.MostOfOneFile + 1, diagnostics.Count);
        Assert.Equal("WF1007", diagnostics.MaxBy(d => d.Span.Offset)!.Code);
    }

    [Fact]
    public void More_values_than_a_flow_can_have_are_refused() =>
        Assert.Equal("WF1008", Assert.Single(Parse("flow: x\nsteps:\n" + Lines(YamlReader.MostValues, _ => "- a\n"))).Code);

    [Fact]
    public void Brackets_that_stay_open_end_the_reading() =>
        Assert.Contains(Parse("a:\n" + Lines(20_000, _ => "  =(\n")), d => d.Code == "WF1009");

    [Fact]
    public void A_metadata_file_may_be_longer_than_a_flow()
    {
        var text = "{\"connector\":\"salesforce\",\"entities\":{\"A\":{\"fields\":{" + string.Join(",\n", Enumerable.Range(0, 10_000).Select(i => $"\"F{i}__c\":{{\"type\":\"text\",\"length\":80,\"label\":\"Field number {i} of the org\"}}")) + "}}}}";
        Assert.True(text.Length > YamlReader.MostCharacters);
        Assert.Empty(MetadataParser.Parse(new SourceText("org.metadata.json", text)).Diagnostics);
    }

    [Theory]
    [InlineData("connector: salesforce\nsecrets:\n  clientSecret: hunter2: x\n")]
    [InlineData("connector: salesforce\nsecrets:\n  clientSecret: 'hunter2\n")]
    [InlineData("connector: salesforce\nsecrets:\n  clientSecret: !hunter2 x\n")]
    [InlineData("connector: salesforce\nsecrets:\n  clientSecret: &hunter2 x\n")]
    [InlineData("connector: salesforce\nsecrets:\n  clientSecret: *hunter2\n")]
    [InlineData("connector: salesforce\nsecrets: { clientSecret: hunter2, hunter3, b: }\n")]
    [InlineData("connector: salesforce\nsecrets: hunter2\n")]
    [InlineData("connector: salesforce\nsecrets:\n  - hunter2\n")]
    [InlineData("connector: salesforce\nsecrets:\n  a: hunter2\n   b: hunter3\n")]
    [InlineData("connector: salesforce\nsecrets:\n  hunter2\nsettings: [\n")]
    [InlineData("{\"connector\": \"salesforce\", \"secrets\": {\"a\": \"hunter2\",}, \"b\": }")]
    [InlineData("connector: salesforce\npassword: hunter2\n")]
    [InlineData("deployment: a\ntemplate: b\nhookToken: @hunter2\n")]
    [InlineData("title: 'a\nconnector: salesforce\nsecrets:\n  a: hunter2'\n")]
    public void Nothing_said_about_secrets_shows_a_part_of_them(string text)
    {
        var source = new SourceText("c.yaml", text);
        var document = YamlDocument.Read(source);
        Assert.NotEmpty(AllParsers.Parse(source));
        Assert.DoesNotContain("hunter", DiagnosticRenderer.Render(document.Diagnostics.Concat(AllParsers.Parse(source))));
    }

    private static IReadOnlyList<Diagnostic> Parse(string text) => FlowParser.Parse(new SourceText("a.yaml", text)).Diagnostics;

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(line));
}
