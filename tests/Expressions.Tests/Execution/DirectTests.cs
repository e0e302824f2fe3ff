using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Expressions.Tests.Execution;

/// <summary>What is answered without the engine has the meaning that the engine gives it, failures with their places included.</summary>
public sealed class DirectTests
{
    private static readonly ExpressionEngine Engine = new();

    private static readonly string[] Parts =
    [
        "a", "b", "a.x", "a.y", "b.x", "a.x.y", "a.x?.y", "a?.x.y", "b?.x?.y", "a[\"x\"]", "\"t\"", "\"\"", "true", "false", "3", "0", "null", "keep",
    ];

    private static readonly object?[] Values =
    [
        null, "", "t", "other words 12", " A@b.Co ", true, false, 0L, 3L, -5L, 9_007_199_254_740_993L, 0.5, 3.0, double.NaN, 1.50m, new DateOnly(2026, 3, 1),
        new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(2), new List<object?> { 1L, "t" }, new Dictionary<string, object?> { ["y"] = "t" },
        new Dictionary<string, object?> { ["y"] = 3L, ["x"] = null },
    ];

    [Fact]
    public void The_engine_says_the_same()
    {
        // The same course every time: a failure names an expression that fails again.
        var random = new Random(20260301);
        var direct = 0;
        for (var i = 0; i < 4_000; i++)
        {
            var source = Expression(random, 3);
            var mapping = MappingCompiler.Prepare([source, "1"], ["a", "b"]);
            Assert.True(mapping.Problem is null, $"{source}: {mapping.Problem}");
            var scripted = MappingCompiler.PrepareWithoutDirects([source, "1"], ["a", "b"]);
            direct += mapping.Directs.Length > 0 && mapping.Directs[0] is not null ? 1 : 0;
            var (a, b) = (Record(random), Values[random.Next(Values.Length)]);
            var (one, other) = (Engine.Invoke(mapping, a, b), Engine.Invoke(scripted, a, b));
            Assert.Equal((source, other.Error), (source, one.Error));
            Assert.True(Same(other.Values?[0], one.Values?[0]), $"{source}: {other.Values?[0]} by the engine, {one.Values?[0]} directly");
        }

        Assert.True(direct > 3_500, $"{direct} were direct");
    }

    [Theory]
    [InlineData("i => i.x === \"t\"")]
    [InlineData("i => i.x !== null && i.y === 3")]
    [InlineData("i => !(i.x === true) || i.y === \"t\"")]
    [InlineData("i => i.x?.y === \"t\"")]
    [InlineData("i => i.x.y")]
    public void Callbacks_on_records_mean_the_same_as_callbacks_on_other_items(string callback)
    {
        var random = new Random(20260302);
        foreach (var source in (string[])[$"a.map({callback})", $"a.filter({callback})", $"list.first(a, {callback})", $"a.some({callback})", $"list.sortBy(a, {callback}).length"])
        {
            var mapping = MappingCompiler.Prepare(source, ["a"]);
            Assert.NotEmpty(mapping.Natives);
            // Reading something around it keeps a callback in the engine.
            var scripted = MappingCompiler.Prepare(source.Replace("i => ", "i => b ? 0 : ", StringComparison.Ordinal), ["a", "b"]);
            Assert.Empty(scripted.Natives);
            for (var i = 0; i < 100; i++)
            {
                var items = new List<object?> { Record(random), Record(random), Record(random), i % 10 == 0 ? Values[random.Next(Values.Length)] : Record(random) };
                var (one, other) = (Engine.Invoke(mapping, items), Engine.Invoke(scripted, items, null));
                Assert.Equal((source, other.Error?.Kind), (source, one.Error?.Kind));
                Assert.True(Same(other.Values?[0], one.Values?[0]), $"{source}: {other.Values?[0]} by the engine, {one.Values?[0]} directly");
            }
        }
    }

    [Fact]
    public void A_failure_beside_direct_expressions_names_its_own_position()
    {
        var mapping = MappingCompiler.Prepare(["a.x", "\"t\"", "a.x.trim()", "a.y.z"], ["a"]);
        var error = Engine.Invoke(mapping, new Dictionary<string, object?> { ["x"] = 1L, ["y"] = new Dictionary<string, object?>() }).Error!;
        Assert.Equal((2, EvaluationErrorKind.Runtime), (error.ExpressionIndex, error.Kind));
    }

    [Fact]
    public void Text_taken_over_directly_counts_towards_the_limit_of_the_invocation()
    {
        using var small = new ExpressionEngine(new ExpressionEngineOptions { Engines = 1, Limits = new ExpressionLimits { Characters = 1_000 } });
        var mapping = MappingCompiler.Prepare(["a", "a.toUpperCase()"], ["a"]);
        Assert.True(small.Invoke(mapping, new string('x', 250)).Succeeded);
        Assert.Equal(EvaluationErrorKind.Limit, small.Invoke(mapping, new string('x', 600)).Error?.Kind);
        Assert.Equal(EvaluationErrorKind.Limit, small.Invoke(MappingCompiler.Prepare("a", ["a"]), new string('x', 1_001)).Error?.Kind);
    }

    private static string Expression(Random random, int depth)
    {
        string Part() => depth == 0 ? Parts[random.Next(Parts.Length)] : Expression(random, random.Next(depth));
        return random.Next(14) switch
        {
            0 => $"({Part()} ?? {Part()})",
            1 => $"({Part()} ? {Part()} : {Part()})",
            2 => $"({Part()} && {Part()})",
            3 => $"({Part()} || {Part()})",
            4 => $"!{Part()}",
            5 => $"`<${{{Part()}}}-${{{Part()}}}`",
            6 => $"({Part()} === {new[] { "\"t\"", "null", "true", "3" }[random.Next(4)]})",
            7 => $"({Part()} !== {new[] { "\"t\"", "null", "false", "0" }[random.Next(4)]})",
            8 => $"({Part()} + {Part()})",
            9 => $"{new[] { "text.trim", "text.oneLine", "text.upper", "text.digits", "text.orNull", "normalize.email", "date.text" }[random.Next(7)]}({Part()})",
            10 => $"(a.x ?? {Part()}).{new[] { "trim()", "toUpperCase()", "slice(1)", "slice(0, 2)", "slice(9, 2)", "toLowerCase()" }[random.Next(6)]}",
            11 => $"({Part()} ?? b).split({new[] { "\"t\"", "\"\"", "\" \"" }[random.Next(3)]})[{random.Next(3)}]",
            _ => Parts[random.Next(Parts.Length)],
        };
    }

    private static Dictionary<string, object?> Record(Random random)
    {
        var record = new Dictionary<string, object?>();
        foreach (var name in (string[])["x", "y"])
        {
            if (random.Next(8) > 0)
            {
                record[name] = Values[random.Next(Values.Length)];
            }
        }

        return record;
    }

    private static bool Same(object? one, object? other) => (one, other) switch
    {
        (string or null, _) or (_, string or null) => Equals(one, other),
        (IReadOnlyDictionary<string, object?>, _) => ReferenceEquals(one, other),
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => a.Count == b.Count && a.Zip(b).All(p => Same(p.First, p.Second)),
        _ => Equals(one, other),
    };
}
