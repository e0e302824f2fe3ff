using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Execution;
using WorkflowEngine.Expressions.Library;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Tests.Library;

public sealed class LibraryTests
{
    private static readonly ExpressionEngine Engine = new();

    private static readonly Dictionary<string, object?> Run = new() { ["now"] = new DateTimeOffset(2026, 3, 1, 3, 30, 0, TimeSpan.Zero) };

    private static readonly Dictionary<string, object?> Tables = new()
    {
        ["work"] = new TableRows([new Dictionary<string, object?> { ["key"] = "Repair", ["n"] = 1L }, new Dictionary<string, object?> { ["key"] = "*", ["n"] = 2L }]),
    };

    private static object? Value(string source)
    {
        var result = Engine.Invoke(MappingCompiler.Prepare(source, ["run", "tables"]), Run, Tables);
        Assert.True(result.Succeeded, $"{source}: {result.Error?.Message}");
        return result.Values[0];
    }

    public static TheoryData<string> Examples() => [.. ExpressionLibrary.All.Select(f => f.Example)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_of_the_description_checks_and_runs(string example)
    {
        var scope = NameScope.Empty.With("run", ExprType.Object(("now", ExprType.Instant)))
            .With("tables", ExprType.Object(("work", ExprType.List(ExprType.Object(("key", ExprType.Text), ("n", ExprType.Integer))))));
        Assert.Empty(ExpressionAnalyzer.Analyze(example, scope).Problems);
        _ = Value(example);
    }

    [Theory]
    [InlineData("Dr. Mary-Jane van der Berg Jr.", "Mary-Jane", "van der Berg")]
    [InlineData("O'Brien, Sean & Kate", "Sean & Kate", "O'Brien")]
    [InlineData("Acme Plumbing LLC", null, "Acme Plumbing LLC")]
    [InlineData("Smith, John", "John", "Smith")]
    [InlineData("John Smith, Jr.", "John", "Smith")]
    [InlineData("Mr. & Mrs. John Smith", "John", "Smith")]
    [InlineData("Cher", null, "Cher")]
    [InlineData("Dr.", null, "Dr.")]
    [InlineData("  Ann   Lee ", "Ann", "Lee")]
    [InlineData("Van Morrison", "Van", "Morrison")]
    [InlineData("Juan Carlos de la Cruz", "Juan Carlos", "de la Cruz")]
    public void A_name_is_split(string name, string? first, string last)
    {
        var split = PersonName.Split(name);
        Assert.Equal((first, last), (split.First, split.Last));
    }

    [Theory]
    [InlineData("(208) 555-0142", "US", "+12085550142")]
    [InlineData("208.555.0142 ext 5", "US", "+12085550142")]
    [InlineData("+44 20 7946 0958", "US", "+442079460958")]
    [InlineData("2085550142", "USA", "+12085550142")]
    [InlineData("555", "US", null)]
    [InlineData("call me", "US", null)]
    [InlineData(null, "US", null)]
    public void A_phone_number_becomes_E164_when_it_is_possible(string? number, string country, string? expected) =>
        Assert.Equal(expected, PhoneNumber.Normalize(number, country));

    [Theory]
    [InlineData(" Ann@Example.COM ", "ann@example.com")]
    [InlineData("Ann <ann@example.com>", "ann@example.com")]
    [InlineData("ann@", null)]
    [InlineData("ann@example", null)]
    [InlineData("a b@example.com", null)]
    [InlineData("none", null)]
    public void An_address_is_normalised_or_null(string text, string? expected) => Assert.Equal(expected, EmailAddress.Normalize(text));

    [Theory]
    [InlineData("money.text(money.add(\"0.10\", \"0.20\"))", "0.30")]
    [InlineData("money.text(money.round(\"2.345\"))", "2.35")]
    [InlineData("money.text(money.multiply(\"19.99\", 3))", "59.97")]
    [InlineData("money.text(money.sum([\"1.10\", null, 2]))", "3.10")]
    [InlineData("money.add(null, 1)", null)]
    [InlineData("date.text(date.of(run.now, \"America/Denver\"))", "2026-02-28")]
    [InlineData("date.text(date.at(date.of(run.now, \"America/Denver\"), \"08:00\", \"America/Denver\"))", "2026-02-28T15:00:00.000Z")]
    [InlineData("date.text(date.at(\"2026-03-08\", \"02:30\", \"America/Denver\"))", "2026-03-08T09:30:00.000Z")]
    [InlineData("date.text(date.add(date.of(run.now, \"UTC\"), \"-30d\"))", "2026-01-30")]
    [InlineData("date.text(date.add(run.now, \"2h30m\"))", "2026-03-01T06:00:00.000Z")]
    [InlineData("date.add(null, \"1d\")", null)]
    [InlineData("date.same(null, null)", true)]
    [InlineData("date.before(null, run.now)", false)]
    [InlineData("text.stripHtml(\"<p>Hello &amp; <b>you</b></p><script>x</script>a < b\")", "Hello & you\na < b")]
    [InlineData("text.truncate(\"ab😀\", 3)", "ab")]
    [InlineData("text.escapeHtml(\"a < b & c\")", "a &lt; b &amp; c")]
    [InlineData("list.join(list.sortBy([3, null, 1], n => n))", "1, 3")]
    [InlineData("list.maxBy([run.now, null], n => n) === null", false)]
    [InlineData("list.first(null)", null)]
    [InlineData("list.groupBy([\"a\", \"b\", \"a\"], t => t)[0].items.length", 2L)]
    [InlineData("table(\"work\", \"Sale\").n", 2L)]
    [InlineData("table.find(\"work\", \"Repair\").n", 1L)]
    public void A_function_gives(string source, object? expected) => Assert.Equal(expected, Value(source));
}
