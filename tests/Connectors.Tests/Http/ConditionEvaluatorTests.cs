using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Connectors.Tests.Http;

public sealed class ConditionEvaluatorTests
{
    private static readonly FieldDescriptor[] Fields =
    [
        new() { Name = "id", Type = new FieldType { Kind = FieldKind.Id, NumberOnWire = true } },
        new() { Name = "name", Type = FieldType.Of(FieldKind.Text), Search = SearchForm.IgnoreCase },
        new() { Name = "code", Type = FieldType.Of(FieldKind.Text) },
        new() { Name = "total", Type = FieldType.Of(FieldKind.Decimal) },
        new() { Name = "day", Type = FieldType.Of(FieldKind.Date) },
        new() { Name = "at", Type = FieldType.Of(FieldKind.Instant) },
        new() { Name = "lines", Type = FieldType.ListOf(new FieldType { Kind = FieldKind.Object, Fields = [new() { Name = "value", Type = FieldType.Of(FieldKind.Text), Search = SearchForm.PhoneSpellings }] }) },
    ];

    private static readonly Dictionary<string, object?> Row = new()
    {
        ["id"] = "12", ["name"] = "Acme LLC", ["code"] = "x", ["total"] = 10.50m, ["day"] = new DateOnly(2026, 9, 14),
        ["at"] = new DateTimeOffset(2026, 9, 14, 8, 0, 0, TimeSpan.Zero), ["none"] = null, ["custom"] = new Dictionary<string, object?> { ["Gate code"] = "7" },
        ["lines"] = new List<object?> { new Dictionary<string, object?> { ["value"] = "Dana@Example.com" }, new Dictionary<string, object?> { ["value"] = "(208) 555-0199" } },
    };

    public static TheoryData<string, Comparison, object?, bool> Cases => new()
    {
        { "id", Comparison.In, "12", true },
        { "id", Comparison.In, "012", false },
        { "name", Comparison.In, "ACME llc", true },
        { "code", Comparison.In, "X", false },
        { "total", Comparison.In, "10.5", true },
        { "total", Comparison.In, 10.500m, true },
        { "total", Comparison.Greater, 9L, true },
        { "total", Comparison.Less, 10.50m, false },
        { "day", Comparison.GreaterOrEqual, new DateOnly(2026, 9, 14), true },
        { "day", Comparison.Less, new DateOnly(2026, 9, 14), false },
        { "at", Comparison.Greater, new DateOnly(2026, 9, 14), true },
        { "at", Comparison.In, new DateTimeOffset(2026, 9, 14, 10, 0, 0, TimeSpan.FromHours(2)), true },
        { "lines.value", Comparison.In, "dana@example.com", true },
        { "lines.value", Comparison.In, "+12085550199", true },
        { "lines.value", Comparison.In, "2085550100", false },
        { "custom.Gate code", Comparison.In, "7", true },
        { "none", Comparison.IsNull, null, true },
        { "absent", Comparison.IsNull, null, true },
        { "name", Comparison.IsNotNull, null, true },
        { "name", Comparison.NotIn, "Other", true },
        { "none", Comparison.NotIn, "Other", true },
        { "name", Comparison.Like, "acme%", true },
        { "name", Comparison.Like, "a_me l%c", true },
        { "name", Comparison.Like, "acme", false },
        { "absent|code", Comparison.In, "x", true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_condition_holds_or_not(string path, Comparison comparison, object? value, bool holds)
    {
        IReadOnlyList<object> values = value is null ? [] : [value];
        Assert.Equal(holds, new ConditionEvaluator(Fields).Meets(new FieldCondition(path, comparison, values), Row));
    }

    [Fact]
    public void Nothing_asked_finds_nothing_and_nothing_excluded_excludes_nothing()
    {
        var evaluator = new ConditionEvaluator(Fields);
        Assert.False(evaluator.Meets(new FieldCondition("id", Comparison.In, []), Row));
        Assert.True(evaluator.Meets(new FieldCondition("id", Comparison.NotIn, []), Row));
        Assert.True(evaluator.Meets(new AllOf([]), Row));
        Assert.False(evaluator.Meets(new AnyOf([]), Row));
    }

    [Fact]
    public void Rows_go_back_to_each_asker_in_order_and_capped()
    {
        var rows = new[] { "3", "10", "9", "1" }.Select(id => (IReadOnlyDictionary<string, object?>)new Dictionary<string, object?> { ["id"] = id, ["code"] = id == "1" ? "b" : "a" }).ToList();
        var batch = new ReadBatch
        {
            Entity = "e", Fields = [], RowCap = 2, OrderBy = [new OrderTerm("id", false)],
            Conditions = [new FieldCondition("code", Comparison.In, ["a"]), new FieldCondition("code", Comparison.In, ["b", "c"]), new FieldCondition("code", Comparison.In, [])],
        };
        var answers = RowDistribution.Give(new ConditionEvaluator(Fields), batch, rows);
        Assert.Equal(["3", "9"], answers[0].Rows.Select(r => r["id"]));
        Assert.True(answers[0].More);
        Assert.Equal(["1"], answers[1].Rows.Select(r => r["id"]));
        Assert.Empty(answers[2].Rows);
    }

    [Fact]
    public void A_hostile_pattern_takes_no_exponential_time() =>
        Assert.False(new ConditionEvaluator(Fields).Meets(
            new FieldCondition("code", Comparison.Like, [string.Concat(Enumerable.Repeat("%a", 200)) + "b"]),
            new Dictionary<string, object?> { ["code"] = new string('a', 5000) }));
}
