using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Expressions.Tests.Execution;

public sealed class MappingTests
{
    private static readonly ExpressionEngine Engine = new();

    private static object? Value(string source, params (string Name, object? Value)[] given)
    {
        var mapping = MappingCompiler.Prepare(source, [.. given.Select(g => g.Name)]);
        var result = Engine.Invoke(mapping, [.. given.Select(g => g.Value)]);
        Assert.True(result.Succeeded, result.Error is { } e ? $"{source}: {e.Kind} {e.Message}\n{mapping.Text}" : "");
        return result.Values[0];
    }

    private static EvaluationError Failure(string source, params (string Name, object? Value)[] given)
    {
        var result = Engine.Invoke(MappingCompiler.Prepare(source, [.. given.Select(g => g.Name)]), [.. given.Select(g => g.Value)]);
        Assert.False(result.Succeeded);
        return result.Error;
    }

    private static Dictionary<string, object?> Record(params (string, object?)[] fields) => fields.ToDictionary(f => f.Item1, f => f.Item2);

    private static readonly Dictionary<string, object?> Input = Record(
        ("id", "42"),
        ("name", "Ann"),
        ("active", true),
        ("count", 3L),
        ("rate", 0.5),
        ("total", 12.50m),
        ("day", new DateOnly(2026, 3, 1)),
        ("at", new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero)),
        ("huge", 9_007_199_254_740_993L),
        ("address", Record(("street", "Main St"), ("zip", "08540"))),
        ("lines", new List<object?> { Record(("type", "Phone"), ("value", "1")), Record(("type", "Email"), ("value", "a@b.co")) }));

    [Theory]
    [InlineData("input.name", "Ann")]
    [InlineData("input.missing", null)]
    [InlineData("input.address.street", "Main St")]
    [InlineData("input.missing?.street.length", null)]
    [InlineData("input.count + 1", 4L)]
    [InlineData("input.rate * 3", 1.5)]
    [InlineData("input.name + \" \" + input.count", "Ann 3")]
    [InlineData("`${input.name}/${input.missing}/${input.total}/${input.day}`", "Ann//12.50/2026-03-01")]
    [InlineData("input.lines.length", 2L)]
    [InlineData("input.lines[1].value", "a@b.co")]
    [InlineData("input.lines[5]", null)]
    [InlineData("input.lines.filter(l => l.type === \"Email\").map(l => l.value)[0]", "a@b.co")]
    [InlineData("input.missing?.filter(l => l.x).length ?? -1", -1L)]
    [InlineData("input.missing === null", true)]
    [InlineData("input.missing?.x === input.other", true)]
    [InlineData("({ a: 1 }).b === null", true)]
    [InlineData("list.first(input.lines, l => l.type === \"Email\")?.value", "a@b.co")]
    [InlineData("input.active ? \"y\" : \"n\"", "y")]
    [InlineData("input.huge", "9007199254740993")]
    [InlineData("[...input.lines, 1].length", 3L)]
    [InlineData("money.compare(input.total, \"12.5\") === 0", true)]
    [InlineData("date.text(input.at)", "2026-03-01T12:00:00.000Z")]
    [InlineData("input.lines[input.count - 2].type", "Email")]
    [InlineData("input.missing?.[input.count]", null)]
    [InlineData("input.address[\"zip\"]", "08540")]
    [InlineData("\"a,b\".split(\",\").map((p, i) => `${i}${p}`)[1]", "1b")]
    public void An_expression_gives_its_value(string source, object? expected) => Assert.Equal(expected, Value(source, ("input", Input)));

    [Fact]
    public void Values_come_back_in_the_closed_set()
    {
        Assert.Equal(12.50m, Value("input.total", ("input", Input)));
        Assert.Equal(new DateOnly(2026, 3, 1), Value("input.day", ("input", Input)));
        Assert.Same(FieldMarker.Keep, Value("keep"));
        Assert.Same(FieldMarker.Clear, Value("input.missing ?? clear", ("input", Input)));
        Assert.Same(Input["address"], Value("input.address", ("input", Input)));
        Assert.Equal(new object?[] { 1L, "a", null, 0.5 }, Value("[1, \"a\", null, 1 / 2]"));
        Assert.Equal(Record(("a", 1L), ("b", null)), Value("({ a: 1, b: input.missing })", ("input", Input)));
        Assert.Equal(Record(("street", "Main St"), ("zip", "1")), Value("({ ...input.address, zip: \"1\" })", ("input", Input)));
    }

    [Fact]
    public void Later_lines_of_a_map_read_earlier_ones()
    {
        var mapping = MappingCompiler.Prepare(
            [new MapLine("first", "input.count * 2"), new MapLine("second one", "sum.first + 1"), new MapLine("third", "sum[\"second one\"] + sum.first")],
            ["input", "sum"],
            "sum");
        Assert.Equal(["input"], mapping.Names);
        Assert.Equal([6L, 7L, 13L], Engine.Invoke(mapping, Input).Values!);
    }

    [Theory]
    [InlineData("input.total + 1", EvaluationErrorKind.Runtime, 0)]
    [InlineData("1 < input.total", EvaluationErrorKind.Runtime, 0)]
    [InlineData("input.total === input.total", EvaluationErrorKind.Runtime, 0)]
    [InlineData("input.day - input.day", EvaluationErrorKind.Runtime, 0)]
    [InlineData("input.name.foo.bar", EvaluationErrorKind.Null, 0)]
    [InlineData("\"x\" + input.missing.street", EvaluationErrorKind.Null, 6)]
    [InlineData("1 + input.lines.map(l => l.nothing.value)", EvaluationErrorKind.Null, 25)]
    [InlineData("money.add(\"x\", 1)", EvaluationErrorKind.Runtime, 0)]
    [InlineData("money.divide(1, 0)", EvaluationErrorKind.Runtime, 0)]
    [InlineData("1 / 0", EvaluationErrorKind.Runtime, 0)]
    [InlineData("nothing.x", EvaluationErrorKind.Invalid, 0)]
    public void A_failing_expression_is_a_value_with_its_place(string source, EvaluationErrorKind kind, int offset)
    {
        var error = Failure(source, ("input", Input));
        Assert.Equal((kind, offset), (error.Kind, error.Offset));
        Assert.Equal(0, error.ExpressionIndex);
    }

    [Fact]
    public void The_failing_expression_of_several_is_named()
    {
        var mapping = MappingCompiler.Prepare(["input.name", "input.missing.x", "input.id"], ["input"]);
        var error = Engine.Invoke(mapping, Input).Error!;
        Assert.Equal(1, error.ExpressionIndex);
    }

    [Fact]
    public void A_missing_row_names_table_key_and_known_keys()
    {
        var tables = Record(("work", new List<object?> { Record(("key", "Repair"), ("type", 7L)) }));
        Assert.Equal(7L, Value("table(\"work\", \"Repair\").type", ("tables", tables)));
        Assert.Null(Value("table.find(\"work\", \"Sale\")", ("tables", tables)));
        var error = Failure("table(\"work\", \"Sale\")", ("tables", tables));
        Assert.Equal(EvaluationErrorKind.TableMissing, error.Kind);
        Assert.Equal("The table 'work' has no row for 'Sale'; known keys: 'Repair'.", error.Message);
    }
}
