namespace WorkflowEngine.Definitions.Tests;

public sealed class ReaderTests
{
    [Theory]
    [InlineData("true", YamlScalarKind.True)]
    [InlineData("false", YamlScalarKind.False)]
    [InlineData("null", YamlScalarKind.Null)]
    [InlineData("0", YamlScalarKind.Number)]
    [InlineData("-12.50", YamlScalarKind.Number)]
    [InlineData("ON", YamlScalarKind.Text)]
    [InlineData("yes", YamlScalarKind.Text)]
    [InlineData("True", YamlScalarKind.Text)]
    [InlineData("~", YamlScalarKind.Text)]
    [InlineData("08540", YamlScalarKind.Text)]
    [InlineData("+12085550100", YamlScalarKind.Text)]
    [InlineData("0x1F", YamlScalarKind.Text)]
    [InlineData("1e5", YamlScalarKind.Text)]
    [InlineData(".5", YamlScalarKind.Text)]
    [InlineData("1_000", YamlScalarKind.Text)]
    [InlineData("2026-01-01", YamlScalarKind.Text)]
    [InlineData("12:30", YamlScalarKind.Text)]
    [InlineData("'true'", YamlScalarKind.Text)]
    [InlineData("\"5\"", YamlScalarKind.Text)]
    public void Only_true_false_null_and_JSON_numbers_are_not_text(string written, YamlScalarKind kind)
    {
        var scalar = Scalar($"a: {written}\n");
        Assert.Equal(kind, scalar.Kind);
        Assert.Equal(written.Trim('\'', '"'), scalar.Value);
    }

    [Fact]
    public void A_number_keeps_its_source_text()
    {
        var set = Set("Amount: 1.50\n      Zip: 00912\n      Big: 12345678901234567890");
        Assert.Equal(
            [(LiteralKind.Number, "1.50"), (LiteralKind.Text, "00912"), (LiteralKind.Number, "12345678901234567890")],
            set.Select(v => (((LiteralValue)v).Kind, ((LiteralValue)v).Text)));
    }

    [Fact]
    public void Values_are_told_apart()
    {
        var set = Set("A: =input.a\n      B: { literal: \"=x\" }\n      C: null\n      D: { ref: salesforce/Account, by: Key__c, value: =input.id, orElse: later }\n      E: [1, =b]\n      F: { x: { y: =z } }");
        Assert.Equal("input.a", Assert.IsType<ExpressionValue>(set[0]).Expression.Text);
        Assert.Equal("=x", Assert.IsType<LiteralValue>(set[1]).Text);
        Assert.IsType<NullValue>(set[2]);
        var reference = Assert.IsType<ReferenceValue>(set[3]);
        Assert.Equal(("salesforce", "Account", "Key__c", OrElse.Later), (reference.Entity.Connection.Value, reference.Entity.Entity.Value, reference.By.Value, reference.OrElse!.Value));
        Assert.IsType<ExpressionValue>(Assert.IsType<ListValue>(set[4]).Items[1]);
        var inner = Assert.IsType<ObjectValue>(Assert.Single(Assert.IsType<ObjectValue>(set[5]).Lines).Value);
        Assert.Equal("z", Assert.IsType<ExpressionValue>(inner.Lines[0].Value).Expression.Text);
    }

    [Fact]
    public void JSON_means_the_same_as_YAML()
    {
        var yaml = FlowParser.Parse(new SourceText("a.yaml", "flow: sample\nsteps:\n  - id: a\n    query: salesforce/Account\n    where: { Amount: { gte: 5 }, Name: \"=input.name\" }\n"));
        var json = FlowParser.Parse(new SourceText("a.json", "{\"flow\":\"sample\",\"steps\":[{\"id\":\"a\",\"query\":\"salesforce/Account\",\"where\":{\"Amount\":{\"gte\":5},\"Name\":\"=input.name\"}}]}"));
        Assert.Empty(yaml.Diagnostics);
        Assert.Empty(json.Diagnostics);
        Assert.Equal(Shape(yaml.Value!), Shape(json.Value!));

        static string Shape(FlowDefinition flow)
        {
            var query = (QueryStep)flow.Steps[0];
            var tests = query.Where!.Lines.Cast<WhereField>().Select(l => $"{l.Path} {l.Tests[0].Operator} {l.Tests[0].Value switch { LiteralValue v => v.Text, ExpressionValue e => e.Expression.Text, _ => "?" }}");
            return $"{flow.Flow} {query.Id} {query.Entity} {string.Join(", ", tests)}";
        }
    }

    [Fact]
    public void A_gigantic_file_is_refused() =>
        Assert.Equal("WF1002", Assert.Single(FlowParser.Parse(new SourceText("a.yaml", new string('a', YamlReader.MostCharacters + 1))).Diagnostics).Code);

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('-')]
    public void A_deep_file_is_refused(char c)
    {
        var unit = c == '-' ? "- " : c == '{' ? "{a: " : "[";
        var diagnostics = FlowParser.Parse(new SourceText("a.yaml", string.Concat(Enumerable.Repeat(unit, 20_000)) + "x")).Diagnostics;
        Assert.Equal("WF1004", Assert.Single(diagnostics).Code);
    }

    [Theory]
    [InlineData("flow: a\nsteps: []", DocumentKind.Flow)]
    [InlineData("flow: a\ntests: []", DocumentKind.Tests)]
    [InlineData("deployment: a\ntemplate: b", DocumentKind.Deployment)]
    [InlineData("template: a", DocumentKind.Template)]
    [InlineData("connector: a", DocumentKind.Connection)]
    [InlineData("mapping: a", DocumentKind.Mapping)]
    [InlineData("{\"connector\": \"a\", \"entities\": {}}", DocumentKind.Metadata)]
    [InlineData("flow: a\nsteps:\n  - [\n", DocumentKind.Flow)]
    [InlineData("services: {}", DocumentKind.Unknown)]
    public void What_a_file_is_is_told_by_its_keys(string text, DocumentKind kind)
    {
        var document = YamlDocument.Read(new SourceText("a.yaml", text));
        Assert.Equal(kind, document.Kind);
        Assert.Equal(kind == DocumentKind.Unknown ? "WF1121" : null, document.KindProblem?.Code);
    }

    [Fact]
    public void A_file_of_another_kind_is_named() =>
        Assert.Equal("WF1122", Assert.Single(FlowParser.Parse(new SourceText("a.yaml", "deployment: a\ntemplate: b\n")).Diagnostics).Code);

    [Fact]
    public void A_secret_is_not_shown_in_its_diagnostic()
    {
        var diagnostics = ConnectionParser.Parse(new SourceText("c.yaml", "connector: salesforce\nsecrets: { clientSecret: hunter2, key: { env: A, value: hunter3 } }\n")).Diagnostics;
        Assert.Equal(["WF1117", "WF1117"], diagnostics.Select(d => d.Code));
        Assert.DoesNotContain("hunter", DiagnosticRenderer.Render(diagnostics));
    }

    [Fact]
    public void A_metadata_file_gives_entities_and_fields()
    {
        var metadata = MetadataParser.Parse(new SourceText("m.metadata.json", """
            { "connector": "salesforce", "entities": { "Account": { "fields": {
              "Name": { "type": "text", "length": 255, "required": true, "unique": false, "externalId": false },
              "OwnerId": { "type": "reference", "to": ["User"] } } } } }
            """));
        Assert.Empty(metadata.Diagnostics);
        var fields = Assert.Single(metadata.Value!.Entities).Fields;
        Assert.Equal((255L, true, "User"), (fields[0].Length!.Value, fields[0].Required!.Value, fields[1].To[0].Value));
    }

    [Fact]
    public void A_deployment_gives_its_overlay_and_its_tables()
    {
        var path = Path.Combine(TestFiles.Sketches, "invoice-to-revenue", "deployment.example.yaml");
        var deployment = DeploymentParser.Parse(TestFiles.Read(path)).Value!;
        Assert.Equal(DeploymentState.Active, deployment.State!.Value);
        var revenue = deployment.Overlay[0].Steps[0];
        Assert.IsType<RemoveValue>(revenue.Set!.Find("ServiceTitan_Tax__c")!.Value);
        Assert.Equal("warn", deployment.Overlay[1].Steps[0].Message!.Name.Value);
        Assert.Equal(2, deployment.Tables[0].Rows.Count);
        Assert.Equal("SC_Revenue__c", deployment.Names[0].To.Value);
    }

    private static YamlScalar Scalar(string text)
    {
        var bag = new DiagnosticBag();
        return (YamlScalar)((YamlMapping)YamlReader.Read(new SourceText("a.yaml", text), bag)!).Entries[0].Value;
    }

    private static IReadOnlyList<ValueDefinition> Set(string lines)
    {
        var result = FlowParser.Parse(new SourceText("a.yaml", $"flow: sample\nsteps:\n  - upsert: salesforce/Account\n    match: [[A]]\n    set:\n      {lines}\n"));
        Assert.Empty(result.Diagnostics);
        return [.. ((UpsertStep)result.Value!.Steps[0]).Set!.Lines.Select(l => l.Value)];
    }
}
