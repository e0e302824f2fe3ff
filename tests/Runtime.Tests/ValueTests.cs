using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime.Tests;

public sealed class ValueTests
{
    private static readonly object?[] All =
    [
        null, "", "text ü", true, false, 0L, -1L, long.MaxValue, long.MinValue, 0.1, double.MaxValue, 1.50m, -0.0001m, decimal.MaxValue, new DateOnly(2026, 2, 28),
        new DateTimeOffset(2026, 3, 1, 1, 2, 3, 4, TimeSpan.Zero), TimeSpan.FromMinutes(-3), new List<object?> { 1L, null, "x" },
        new Dictionary<string, object?> { ["a"] = 1.10m, ["b"] = new List<object?> { new Dictionary<string, object?>() } },
    ];

    [Fact]
    public void Every_value_of_the_engine_is_read_back_exactly()
    {
        foreach (var value in All)
        {
            var back = Payload.Decode(Payload.Encode(value));
            Assert.True(FieldComparison.Deep(value, back) || (value is "" && back is ""), $"{value}");
            if (value is decimal exact) Assert.Equal(exact.Scale, ((decimal)back!).Scale);
            if (value is not null and not System.Collections.IEnumerable) Assert.Equal(value.GetType(), back!.GetType());
        }
    }

    [Fact]
    public void A_run_is_read_back_exactly()
    {
        var state = State();
        var bytes = RunStateCodec.Encode(state);
        var back = RunStateCodec.Decode(bytes);

        Assert.Equal(bytes, RunStateCodec.Encode(back));
        Assert.Equal((state.Counter, state.StepAttempts, state.Intent!.Key, state.Loops[0].Index), (back.Counter, back.StepAttempts, back.Intent!.Key, back.Loops[0].Index));
        Assert.Equal(state.Intent.Claims, back.Intent.Claims);
    }

    [Fact]
    public void A_run_cut_short_is_refused_and_never_half_read()
    {
        var bytes = RunStateCodec.Encode(State());
        for (var length = 0; length < bytes.Length; length++) Assert.Throws<FormatException>(() => RunStateCodec.Decode(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Json_numbers_that_do_not_survive_a_double_arrive_as_text()
    {
        var json = JsonDocument.Parse("""{"a":1,"b":0.5,"c":12345678901234567890,"d":0.1234567890123456789,"e":1e3,"f":9007199254740993,"g":3.10}""").RootElement;
        var record = (IReadOnlyDictionary<string, object?>)Payload.OfJson(json)!;

        Assert.Equal([1L, 0.5, "12345678901234567890", "0.1234567890123456789", 1000.0, "9007199254740993", 3.1], record.Values);
    }

    [Theory]
    [InlineData("", null, true)]
    [InlineData("a", "A", false)]
    [InlineData("a ", "a", true)]
    public void Texts_are_equal_as_the_vendor_sees_them(string left, string? right, bool equal) =>
        Assert.Equal(equal, FieldComparison.Equal(Field(FieldKind.Text), left, right));

    [Fact]
    public void Decimals_are_equal_at_the_scale_of_the_field()
    {
        var money = Field(FieldKind.Decimal) with { Type = new FieldType { Kind = FieldKind.Decimal, Scale = 2 } };

        Assert.True(FieldComparison.Equal(money, 10m, "10.00"));
        Assert.True(FieldComparison.Equal(money, 10.005m, 10.01m));
        Assert.False(FieldComparison.Equal(money, 10m, 10.01m));
    }

    [Fact]
    public void Phones_are_equal_by_digits_only_where_the_field_says_so()
    {
        var spelled = Field(FieldKind.Phone) with { Search = SearchForm.PhoneSpellings };

        Assert.True(FieldComparison.Equal(spelled, "+12085550100", "(208) 555-0100"));
        Assert.False(FieldComparison.Equal(Field(FieldKind.Phone), "+12085550100", "(208) 555-0100"));
    }

    [Fact]
    public void A_value_that_does_not_fit_its_field_says_why()
    {
        Assert.False(FieldValues.TryConvert(new FieldType { Kind = FieldKind.Text, Length = 3 }, "four", out _, out var tooLong));
        Assert.Contains("4 characters", tooLong, StringComparison.Ordinal);
        Assert.False(FieldValues.TryConvert(new FieldType { Kind = FieldKind.Decimal, Scale = 2 }, 1.005m, out _, out _));
        Assert.True(FieldValues.TryConvert(FieldType.IdOf("x"), 77L, out var id, out _));
        Assert.Equal("77", id);
    }

    [Fact]
    public void Retries_double_honour_the_server_and_repeat_by_seed()
    {
        var step = PlanStep.Of("s", "lookup", default);
        var first = RetryPlan.Pause(step, 1, "run", null);

        Assert.InRange(first, TimeSpan.FromSeconds(24), TimeSpan.FromSeconds(36));
        Assert.Equal(first, RetryPlan.Pause(step, 1, "run", null));
        Assert.InRange(RetryPlan.Pause(step, 30, "run", null), TimeSpan.FromMinutes(48), TimeSpan.FromMinutes(72));
        Assert.True(RetryPlan.Pause(step, 1, "run", TimeSpan.FromMinutes(5)) >= TimeSpan.FromMinutes(5));
    }

    private static FieldDescriptor Field(FieldKind kind) => new() { Name = "f", Type = FieldType.Of(kind) };

    private static RunState State()
    {
        var now = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var state = new RunState
        {
            RunId = "r", EventId = 7, FlowHash = "h", Trigger = "t", Slots = [.. All, new Dictionary<string, object?> { ["id"] = "1" }], AcceptedAt = now, StartedAt = now, Counter = 5,
            StepAttempts = 2, StepWaits = 1, MatchRounds = 1, LaterSince = now, LaterTimes = 3, LaterStep = 4, Acted = true, MayLandLate = true, ClaimWaits = 6, Priority = CallPriority.Backfill,
            Intent = new PendingIntent
            {
                Kind = IntentKind.Upsert, Connection = "c", Entity = "E", KeyField = "K", Key = "k", Fields = new Dictionary<string, object?> { ["P"] = new ParentReference("A", "B", "v") },
                Claims = [new LinkKey("w", "r", "e", "k", "h")], FirstStays = true, At = now, Unknown = true, Lookups = 2, Lookup = [new LookupTerm(["a", "b"], 1L)],
                Before = new Dictionary<string, object?> { ["x"] = 1.5m }, Options = new Dictionary<string, string> { ["o"] = "p" },
            },
        };
        state.Loops.Add(new LoopFrame { Begin = 1, Items = [1L, "two"], Index = 1, Outputs = [null] });
        state.Handlers.Add(new HandlerFrame { Step = 2, Case = 0, Error = new OperationError(ErrorKind.Conflict, "c", "m") { Fields = ["f"], RecordIds = ["1"] } });
        state.Attempts.Add("line");
        state.Notes.Add("{}"u8.ToArray());
        state.Echo["p"] = "h";
        state.Owned.Add("o");
        state.Effects.Add(new EffectRow { Workspace = "w", Realm = "r", Entity = "e", RecordId = "1", RunId = "r", Step = "s", Verb = "created", Fields = ["a"], At = now });
        return state;
    }
}
