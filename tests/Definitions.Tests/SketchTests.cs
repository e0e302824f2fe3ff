namespace WorkflowEngine.Definitions.Tests;

public sealed class SketchTests
{
    public static TheoryData<string> Files => [.. TestFiles.SketchFiles().Select(f => Path.GetRelativePath(TestFiles.Sketches, f))];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sketch_is_read_without_a_diagnostic(string file)
    {
        var document = YamlDocument.Read(TestFiles.Read(Path.Combine(TestFiles.Sketches, file)));
        var diagnostics = document.Kind switch
        {
            DocumentKind.Flow => FlowParser.Parse(document).Diagnostics,
            DocumentKind.Deployment => DeploymentParser.Parse(document).Diagnostics,
            DocumentKind.Tests => TestsParser.Parse(document).Diagnostics,
            _ => throw new InvalidOperationException($"{file} is of kind {document.Kind}"),
        };
        Assert.Equal("", DiagnosticRenderer.Render(diagnostics));
    }

    [Fact]
    public void The_whole_meaning_of_a_sketch_is_in_the_tree()
    {
        var flow = FlowParser.Parse(TestFiles.Read(Path.Combine(TestFiles.Sketches, "customer-to-salesforce", "flow.yaml"))).Value!;
        Assert.Equal("customer-to-salesforce", flow.Flow.Value);
        Assert.Equal(["servicetitan", "salesforce"], flow.Connections.Select(c => c.Name.Value));
        Assert.Equal(["country", "owner", "contacts", "locations", "inactive"], flow.Parameters.Select(p => p.Name.Value));
        Assert.Equal(["primary", "byMemo"], Assert.IsType<ChoiceType>(flow.Parameters[2].Type).Choices.Select(c => c.Value));
        Assert.Equal("ServiceTitan_Segment__c", Assert.IsType<EntityFieldType>(flow.Tables[0].Columns[0].Type).Field.Value);
        var trigger = Assert.IsType<EntityTrigger>(Assert.Single(flow.Triggers));
        Assert.Equal("changed", trigger.On.Event!.Value);
        Assert.True(trigger.LatestOnly!.Value);
        var account = flow.Steps.OfType<UpsertStep>().Single(s => s.Id?.Value == "account");
        Assert.Equal([1, 3, 3], account.Match.Select(m => m.Terms.Count));
        Assert.Equal(OnAmbiguous.Review, account.OnAmbiguous!.Value);
        Assert.Equal(11, account.Set!.Lines.Count);
        var sync = flow.Steps.OfType<SyncStep>().Single();
        Assert.Equal(MissingRule.Set, sync.Missing!.Rule);
        Assert.Equal("site", sync.As!.Value);
    }
}
