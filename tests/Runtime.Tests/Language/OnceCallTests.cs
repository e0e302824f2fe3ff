using WorkflowEngine.Abstractions;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Calls with <c>once</c>: of operations whose result the vendor can be asked for, and of those that only the engine remembers.</summary>
public sealed class OnceCallTests
{
    private const string Head = """
        flow: calls
        input: { id: text, key: { type: text, optional: true }, note: { type: text, optional: true } }
        trigger: { webhook: calls, with: =trigger }
        key: =input.id
        steps:

        """;

    private const string Sell = Head + """
          - id: sold
            call: target/sell
            once: { key: '=`${input.key ?? input.id}`' }
            with: { customer: =input.id }
          - create: target/Job
            once: { Key: =input.id }
            set: { Note: '=`${sold.saleId ?? "?"} ${sold.words ?? "?"} ${sold.existed}`' }
        """;

    private const string Adjust = Head + """
          - id: adjusted
            call: target/adjust
            once: { number: '=`${input.key ?? input.id}`' }
            with: { of: =input.note ?? "none" }
          - create: target/Job
            once: { Key: =input.id }
            set: { Note: '=`${adjusted.id} ${adjusted.existed}`' }
        """;

    [Fact]
    public async Task A_second_event_of_the_same_key_gets_what_the_first_was_given_and_calls_nothing()
    {
        await using var harness = Harness();
        var flow = harness.Deploy(null, Sell)[0];
        await harness.StartAsync();
        await harness.PostAsync(flow, ("id", "a"), ("key", "gold"));
        await harness.IdleAsync();
        await harness.PostAsync(flow, ("id", "b"), ("key", "gold"));
        await harness.PostAsync(flow, ("id", "c"), ("key", "silver"));
        await harness.IdleAsync();
        Assert.Equal(2, harness.Target.Called.Count);

        // Words are not kept: a link stands in the database as it is.
        Assert.Equal(["s1 done false", "s1 ? true", "s2 done false"], harness.Target.All("Job").OrderBy(j => j["Key"]).Select(j => j["Note"]));
    }

    [Fact]
    public async Task Turns_of_a_loop_with_one_key_are_one_call()
    {
        await using var harness = Harness();
        var flow = harness.Deploy(null, Head + """
              - id: turns
                forEach: =[1, 2, 3]
                as: turn
                do:
                  - id: sold
                    call: target/sell
                    once: { key: =input.id }
                    with: { customer: =input.id }
                output: =sold.existed
              - create: target/Job
                once: { Key: =input.id }
                set: { Note: '=`${list.join(turns.map(t => `${t}`), " ")}`' }
            """)[0];
        await harness.StartAsync();
        await harness.PostAsync(flow, ("id", "a"));
        await harness.IdleAsync();
        Assert.Single(harness.Target.Called);
        Assert.Equal("false true true", Assert.Single(harness.Target.All("Job"))["Note"]);
    }

    [Theory]
    [InlineData(FakeFault.LostAnswer, ReviewDecision.Reject, 1, "? ? true")]
    [InlineData(FakeFault.LostBefore, ReviewDecision.Approve, 1, "s1 done false")]
    [InlineData(FakeFault.LostAnswer, ReviewDecision.Approve, 2, "s2 done false")]
    public async Task Where_the_vendor_cannot_be_asked_about_a_lost_answer_a_person_is(FakeFault fault, ReviewDecision decision, int done, string note)
    {
        await using var harness = Harness();
        var flow = harness.Deploy(null, Sell)[0];
        await harness.StartAsync();
        harness.Target.Fail(fault);
        await harness.PostAsync(flow, ("id", "a"), ("key", "gold"));
        await harness.IdleAsync();
        Assert.Equal(1, harness.Stores.Pending);

        // Nobody else of this key goes on meanwhile, also not after a restart.
        await harness.PostAsync(flow, ("id", "b"), ("key", "gold"));
        await harness.IdleAsync();
        await harness.RestartAsync();
        await harness.AdvanceAsync(TimeSpan.FromDays(2));
        var review = Assert.Single(await harness.Runtime.Reviews.ListAsync(new ReviewFilter { Workspace = RuntimeHarness.Workspace, Limit = 10 }, default));
        Assert.Contains("Nobody knows whether sell was done", review.Asked.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Target.All("Job"));
        Assert.Null((await harness.Runtime.Reviews.DecideAsync(RuntimeHarness.Workspace, review.Asked.Id, decision, null, null, "kim", default)).Problem);
        await harness.IdleAsync();
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal(done, harness.Target.Called.Count);
        Assert.Equal(note, harness.Target.All("Job").Single(j => (string)j["Key"]! == "a")["Note"]);
        Assert.EndsWith("true", (string)harness.Target.All("Job").Single(j => (string)j["Key"]! == "b")["Note"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FakeFault.LostAnswer, 1)]
    [InlineData(FakeFault.LostBefore, 2)]
    public async Task What_a_call_makes_is_looked_up_when_its_answer_is_lost_and_only_absence_at_the_end_repeats_it(FakeFault fault, int calls)
    {
        await using var harness = Harness();
        harness.Settle = TimeSpan.FromMinutes(10);
        var flow = harness.Deploy(null, Adjust)[0];
        await harness.StartAsync();
        harness.Target.Fail(FakeFault.None, fault);
        await harness.PostAsync(flow, ("id", "a"));
        await harness.DrainAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(1, harness.Target.Calls.Count(c => c.What == "call"));
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal(calls, harness.Target.Calls.Count(c => c.What == "call"));
        var line = Assert.Single(harness.Target.All("Line"));
        Assert.Equal($"{line["id"]} false", Assert.Single(harness.Target.All("Job"))["Note"]);
        Assert.Empty(await harness.Runtime.Reviews.ListAsync(new ReviewFilter { Workspace = RuntimeHarness.Workspace, Limit = 10 }, default));
    }

    [Fact]
    public async Task What_the_vendor_has_already_is_not_made_again()
    {
        await using var harness = Harness();
        var flow = harness.Deploy(null, Adjust)[0];
        await harness.StartAsync();
        var there = harness.Target.Put("Line", null, ("Key", "a"), ("Text", "by hand"));
        await harness.PostAsync(flow, ("id", "a"));
        await harness.IdleAsync();
        Assert.Empty(harness.Target.Called);
        Assert.Equal($"{there} true", Assert.Single(harness.Target.All("Job"))["Note"]);
    }

    [Fact]
    public async Task Two_events_of_one_key_at_once_are_one_call()
    {
        await using var harness = Harness();
        var flow = harness.Deploy(null, Adjust)[0];
        await harness.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => harness.PostAsync(flow, ("id", $"e{i}"), ("key", "same"))));
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Single(harness.Target.Called);
        Assert.Equal(9, harness.Target.All("Job").Count(j => ((string)j["Note"]!).EndsWith("true", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_call_that_the_vendor_refuses_gives_its_key_free_again()
    {
        await using var harness = Harness();
        var refuses = true;
        harness.Target.Faults = (what, _) => refuses && what == "call" ? FakeFault.Misconfigured : FakeFault.None;
        var flow = harness.Deploy(null, Sell)[0];
        await harness.StartAsync();
        await harness.PostAsync(flow, ("id", "a"));
        await harness.IdleAsync();
        refuses = false;
        await harness.Runtime.ResumeAsync(flow);
        await harness.DrainAsync(TimeSpan.FromDays(2));
        Assert.Single(harness.Target.Called);
        Assert.Equal("s1 done false", Assert.Single(harness.Target.All("Job"))["Note"]);
    }

    [Fact]
    public async Task Killed_at_every_boundary_what_a_call_makes_is_made_once()
    {
        var undisturbed = await RunAsync(0);
        Assert.True(undisturbed > 4);
        for (var die = 1; die <= undisturbed; die++) await RunAsync(die);

        static async Task<int> RunAsync(int die)
        {
            await using var harness = Harness();
            var reached = 0;
            harness.Boundary = new At(() => { if (++reached == die) harness.Kill(); });
            var flow = harness.Deploy(null, Adjust)[0];
            await harness.StartAsync();
            await harness.PostAsync(flow, ("id", "a"));
            await harness.UntilDeadOrIdleAsync();
            if (harness.IsDead) await harness.StartAsync();
            await harness.DrainAsync(TimeSpan.FromHours(1));
            Assert.Equal($"{Assert.Single(harness.Target.All("Line"))["id"]}", ((string)Assert.Single(harness.Target.All("Job"))["Note"]!).Split(' ')[0]);
            Assert.Equal(0, harness.Stores.Pending);
            return reached;
        }
    }

    private static RuntimeHarness Harness()
    {
        var harness = Bench.Harness();
        var text = FieldType.Of(FieldKind.Text);
        harness.Target.Operations =
        [
            new OperationDescriptor
            {
                Name = "sell", Description = "Sells.", Input = [new FieldDescriptor { Name = "customer", Type = text, RequiredOnCreate = true }],
                Output = [new FieldDescriptor { Name = "saleId", Type = FieldType.Of(FieldKind.Id), Nullable = false }, new FieldDescriptor { Name = "words", Type = text }],
            },
            new OperationDescriptor
            {
                Name = "adjust", Description = "Adjusts.", Input = [new FieldDescriptor { Name = "of", Type = text, RequiredOnCreate = true }, new FieldDescriptor { Name = "number", Type = text, RequiredOnCreate = true }],
                Output = [new FieldDescriptor { Name = "id", Type = FieldType.Of(FieldKind.Id), Nullable = false }],
                Makes = new MadeRecord("Line", new Dictionary<string, string> { ["number"] = "Key" }, new Dictionary<string, string> { ["id"] = "id" }),
            },
        ];
        var sold = 0;
        harness.Target.Does = (operation, with) => operation == "sell"
            ? new Dictionary<string, object?> { ["saleId"] = $"s{++sold}", ["words"] = "done" }
            : new Dictionary<string, object?> { ["id"] = harness.Target.Put("Line", null, ("Key", with["number"]), ("Text", with["of"])) };
        return harness;
    }
}
