using System.Collections;
using System.Reflection;

namespace WorkflowEngine.Definitions.Tests;

public sealed class SpanTests
{
    [Theory]
    [InlineData("a: =one + two", "two")]
    [InlineData("a: '=it''s(two)'", "two")]
    [InlineData("a: \"=\\\"x\\\" + \\u0041 + two\"", "two")]
    [InlineData("a: |-\n  =one\n    + two", "two")]
    [InlineData("a: |-\r\n  =one\r\n    + two", "two")]
    [InlineData("a: >-\n  =one\n  + two", "two")]
    [InlineData("a: >-\n  =one\n\n  + two", "two")]
    [InlineData("a: >-\n  =one\n    more\n  + two", "two")]
    [InlineData("a: |2-\n    =one\n  two", "two")]
    [InlineData("a: =one +\n  two", "two")]
    [InlineData("a: '=one +\n\n  two'", "two")]
    [InlineData("a: \"=one \\\n    two\"", "two")]
    [InlineData("a: { b: '=f(one, two)' }", "two")]
    [InlineData("a: { b: =f(one, two) }", "two")]
    [InlineData("a: =one ? 'x' : two", "two")]
    [InlineData("a: =`\U0001F600` + two", "two")]
    public void An_offset_in_an_expression_is_found_in_the_file(string text, string word)
    {
        var source = new SourceText("a.yaml", text + "\n");
        var scalar = Scalars(YamlReader.Read(source, [])!).Last(s => s.Value.Contains(word));
        var span = scalar.SpanOfValue(scalar.Value.IndexOf(word, StringComparison.Ordinal), word.Length);
        Assert.Equal(word, span.Text);
        Assert.Equal(source.Content.IndexOf(word, StringComparison.Ordinal), span.Offset);
    }

    [Fact]
    public void Every_character_of_every_scalar_maps_to_itself()
    {
        foreach (var file in TestFiles.SketchFiles())
        {
            foreach (var source in (SourceText[])[TestFiles.Read(file), new(file, File.ReadAllText(file).Replace("\n", "\r\n"))])
            {
                foreach (var scalar in Scalars(YamlReader.Read(source, [])!))
                {
                    AssertMapped(source, scalar);
                }
            }
        }
    }

    [Fact]
    public void Every_node_of_the_tree_knows_a_span_that_is_its_own_text()
    {
        foreach (var file in TestFiles.SketchFiles().Where(f => Path.GetFileName(f) is not ("flow.tests.yaml" or "deployment.example.yaml")))
        {
            var source = TestFiles.Read(file);
            var seen = 0;
            Walk(FlowParser.Parse(source).Value!, source, ref seen);
            Assert.True(seen > 50, $"{file}: {seen}");
        }
    }

    [Fact]
    public void Spans_are_as_long_as_what_was_written()
    {
        const string Text = "flow: sample\nkey: =input.id\ntrigger:\n  on: servicetitan/customer.changed\nsteps:\n  - id: a\n    upsert: salesforce/Account\n    match:\n      - [Phone|MobilePhone]\n      - { contacts.value: =x }\n    set:\n      Name: '=y'\n    onOwned: create\n  - stop: Done\n";
        var flow = FlowParser.Parse(new SourceText("a.yaml", Text)).Value!;
        var upsert = (UpsertStep)flow.Steps[0];
        var on = ((EntityTrigger)flow.Triggers[0]).On;
        Assert.Equal("sample", flow.Flow.Span.Text);
        Assert.Equal("=input.id", flow.Key!.Span.Text);
        Assert.Equal("input.id", ((ExpressionValue)flow.Key).Expression.Span.Text);
        Assert.Equal(("servicetitan", "customer", "changed"), (on.Entity.Connection.Span.Text, on.Entity.Entity.Span.Text, on.Event!.Span.Text));
        Assert.Equal("upsert", upsert.Activity.Span.Text);
        Assert.Equal("salesforce/Account", upsert.Entity.Span.Text);
        Assert.Equal("[Phone|MobilePhone]", upsert.Match[0].Span.Text);
        Assert.Equal(["Phone", "MobilePhone"], upsert.Match[0].Terms[0].Alternatives.Select(a => a.Span.Text));
        Assert.Equal("contacts.value: =x", upsert.Match[1].Terms[0].Span.Text);
        Assert.Equal("Name: '=y'", upsert.Set!.Span.Text);
        Assert.Equal("y", ((ExpressionValue)upsert.Set.Lines[0].Value).Expression.Span.Text);
        Assert.Equal("create", upsert.OnOwned!.Span.Text);
        Assert.StartsWith("id: a", upsert.Span.Text);
        Assert.EndsWith("onOwned: create", upsert.Span.Text);
        Assert.Equal("stop: Done", flow.Steps[1].Span.Text);
        Assert.Equal(new LinePosition(14, 5), flow.Steps[1].Span.Start);
    }

    internal static void AssertMapped(SourceText source, YamlScalar scalar)
    {
        var last = -1;
        for (var i = 0; i < scalar.Value.Length; i++)
        {
            var offset = scalar.SpanOfValue(i, 0).Offset;
            Assert.True(offset >= last, $"{source.Path}: offsets go back in '{scalar.Value}' at {i}");
            Assert.InRange(offset, scalar.Span.Offset, source.Content.Length);
            last = offset;
            if (!char.IsWhiteSpace(scalar.Value[i]) && !(scalar.Style == YamlScalarStyle.DoubleQuoted && source.Content[offset] == '\\') && !char.IsLowSurrogate(scalar.Value[i]))
            {
                Assert.True(source.Content[offset] == scalar.Value[i], $"{source.Path}: '{scalar.Value}' at {i}: '{source.Content[offset]}' is not '{scalar.Value[i]}'");
            }
        }
    }

    internal static IEnumerable<YamlScalar> Scalars(YamlNode node) => node switch
    {
        YamlScalar scalar => [scalar],
        YamlSequence sequence => sequence.Items.SelectMany(Scalars),
        YamlMapping mapping => mapping.Entries.SelectMany(e => Scalars(e.Key).Concat(Scalars(e.Value))),
        _ => [],
    };

    private static void Walk(object node, SourceText source, ref int seen)
    {
        foreach (var property in node.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length > 0)
            {
                continue;
            }

            var value = property.GetValue(node);
            if (value is SourceSpan span)
            {
                seen++;
                Assert.Same(source, span.Source);
                Assert.InRange(span.Offset, 0, source.Content.Length);
                Assert.True(span.Length > 0 && span.End <= source.Content.Length, $"{source.Path}:{span.Start} {node.GetType().Name}.{property.Name}");
                Assert.False(char.IsWhiteSpace(span.Text[0]) || char.IsWhiteSpace(span.Text[^1]), $"{source.Path}:{span.Start} {node.GetType().Name}.{property.Name} '{span.Text}'");
            }
            else if (value is IEnumerable items and not string)
            {
                foreach (var item in items)
                {
                    Walk(item, source, ref seen);
                }
            }
            else if (value is not null and not SourceText && value.GetType().Namespace == typeof(FlowDefinition).Namespace && !value.GetType().IsEnum)
            {
                Walk(value, source, ref seen);
            }
        }
    }
}
