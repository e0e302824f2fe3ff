namespace WorkflowEngine.Definitions.Tests;

public sealed class FormatterTests
{
    /// <summary>Value as written, its start column behind "key: ", and the value as it should be.</summary>
    public static TheoryData<string, string, string> Traps => new()
    {
        { "WF1020", "=input.a ? 1 : 2", "'=input.a ? 1 : 2'" },
        { "WF1020", "=a === 'x' ? 'y' : 'z'", "|-\n       =a === 'x' ? 'y' : 'z'" },
        { "WF1020", "=a === 'x' ? 1 : 2  # why", "'=a === ''x'' ? 1 : 2'  # why" },
        { "WF1020", "={ a: 1 }", "'={ a: 1 }'" },
        { "WF1020", "=`Job: ${input.id}`", "'=`Job: ${input.id}`'" },
        { "WF1020", "=input.a ?\n      1 : 2", "'=input.a ?\n      1 : 2'" },
        { "WF1021", "=\"a #1\"", "'=\"a #1\"'" },
        { "WF1022", "{ x: =f(a, b) }", "{ x: '=f(a, b)' }" },
        { "WF1022", "{ x: =a[0], y: =b }", "{ x: '=a[0]', y: =b }" },
        { "WF1022", "[=f(a, b), =c]", "['=f(a, b)', =c]" },
        { "WF1022", "{ x: ={ ...a }, y: 1 }", "{ x: '={ ...a }', y: 1 }" },
        { "WF1020", "{ x: =a ? 'b' : 'c' }", "{ x: '=a ? ''b'' : ''c''' }" },
        { "WF1023", "=input.id# the key", "=input.id # the key" },
        { "WF1024", "!input.active", "=!input.active" },
        { "WF1024", "!input.a ? 1 : 2", "'=!input.a ? 1 : 2'" },
        { "WF1025", "*/5 * * * *", "'*/5 * * * *'" },
        { "WF1025", "* * * * *   # always", "'* * * * *'   # always" },
        { "WF1029", "Jobs: new ones", "'Jobs: new ones'" },
        { "WF1030", "@home", "'@home'" },
        { "WF1031", "'it's'", "'it''s'" },
        { "WF1032", "[Draft] one", "'[Draft] one'" },
        { "WF1033", "{ x: Hello, world }", "{ x: 'Hello, world' }" },
        { "WF1034", "`a: ${b}`", "'=`a: ${b}`'" },
    };

    [Theory]
    [MemberData(nameof(Traps))]
    public void A_trap_is_found_at_its_place_and_mended(string code, string written, string mended)
    {
        foreach (var newLine in (string[])["\n", "\r\n"])
        {
            var source = Flow(written, newLine);
            var found = Assert.Single(FlowParser.Parse(source).Diagnostics, d => d.Code.StartsWith("WF10", StringComparison.Ordinal));
            Assert.Equal(code, found.Code);
            Assert.Equal(5, found.Position.Line);
            Assert.InRange(found.Position.Column, 11, 11 + written.Length);
            var formatted = FlowFormatter.Format(source);
            Assert.Equal(Flow(mended, newLine).Content, formatted);
            Assert.Equal("", DiagnosticRenderer.Render(FlowParser.Parse(new SourceText("flow.yaml", formatted)).Diagnostics));
            Assert.Equal(formatted, FlowFormatter.Format(new SourceText("flow.yaml", formatted)));
        }
    }

    [Theory]
    [InlineData("=input.id   # 'a comment")]
    [InlineData("=input.id")]
    [InlineData("'=a ? b : c'")]
    [InlineData("\"=a ? b : c # d\"")]
    [InlineData("|-\n      =a ? b : c # d\n      !x: */5")]
    [InlineData(">-\n      =a ? b : c # d")]
    [InlineData("{ a: =input.id, b: =input.name }")]
    [InlineData("[=a, =b]   # both")]
    [InlineData("=a &&\n      b")]
    [InlineData("08:30")]
    [InlineData("https://example.com/#x")]
    [InlineData("[[external.sfPlace], [customerId, address.street]]")]
    [InlineData("{ a: [1, 2], b: { c: d } }")]
    [InlineData("'it''s fine'")]
    [InlineData("\"a \\\" b: c\"")]
    [InlineData("=input.items.filter(i => i.x === \"a,b\")")]
    public void What_is_no_trap_is_not_touched(string written)
    {
        var source = Flow(written, "\n");
        Assert.DoesNotContain(FlowParser.Parse(source).Diagnostics, d => d.Code.StartsWith("WF10", StringComparison.Ordinal));
        Assert.Equal(source.Content, FlowFormatter.Format(source));
    }

    [Fact]
    public void Sound_files_are_left_byte_for_byte()
    {
        foreach (var file in TestFiles.SketchFiles())
        {
            var source = TestFiles.Read(file);
            Assert.Equal(source.Content, FlowFormatter.Format(source));
            var windows = new SourceText(source.Path, source.Content.Replace("\n", "\r\n"));
            Assert.Equal(windows.Content, FlowFormatter.Format(windows));
            Assert.Empty(AllParsers.Parse(windows));
        }
    }

    [Fact]
    public void Several_traps_and_other_mistakes_are_told_in_one_go()
    {
        var source = new SourceText("flow.yaml", "flow: sample\ntitel: A: b\nsteps:\n  - id: a\n    map: { x: =f(a, b), y: =c ? 1 : 2 }\n  - stop: Done\n    iff: =a\n");
        var found = FlowParser.Parse(source).Diagnostics.Select(d => $"{d.Code} {d.Position}");
        Assert.Equal(["WF1100 2:1", "WF1029 2:8", "WF1022 5:15", "WF1020 5:28", "WF1100 7:5"], found);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over() =>
        Assert.Empty(FlowParser.Parse(new SourceText("flow.yaml", "\uFEFFflow: sample\nsteps:\n  - stop: Done\n")).Diagnostics);

    // The key stands in column 6 of line 5, so that its value begins in column 11.
    private static SourceText Flow(string value, string newLine) =>
        new("flow.yaml", $"flow: sample\nsteps:\n  - id: a\n    map:\n     key: {value}\n     next: =input.id\n".Replace("\n", newLine));
}
