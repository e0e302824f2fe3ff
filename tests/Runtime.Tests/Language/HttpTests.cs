using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class HttpTests
{
    private const string Flow = """
        flow: calls
        input: { id: text, word: { type: text, optional: true } }
        trigger: { webhook: calls, with: =trigger }
        key: =input.id
        steps:
          - id: answer
            http: target
            method: POST
            path: '=`/notes/${input.id}`'
            parameters: { page: 2 }
            body: { word: =input.word, list: [1, =input.id] }
            once: { Idempotency-Key: =input.id }
          - create: target/Lead
            once: { Ref: =input.id }
            set: { Name: '=`${answer.body.word} ${answer.body.list[1]}`' }
        """;

    [Fact]
    public async Task The_answer_of_a_call_can_be_read_by_later_steps()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow)[0];
        await harness.StartAsync();
        await harness.PostAsync(flow, ("id", "a1"), ("word", "hello"));
        await harness.IdleAsync();
        Assert.Equal("hello a1", Assert.Single(harness.Target.All("Lead"))["Name"]);
        var asked = Assert.Single(harness.Target.Called);
        Assert.Equal(("POST", "/notes/a1", "2", "a1"), (asked.Operation, asked.With["path"], asked.With["parameters.page"]?.ToString(), asked.With["once.Idempotency-Key"]));
    }

    [Fact]
    public async Task A_call_with_once_whose_answer_is_lost_is_made_again_with_the_same_key()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow)[0];
        await harness.StartAsync();
        harness.Target.Fail(FakeFault.LostBefore);
        await harness.PostAsync(flow, ("id", "a1"), ("word", "hello"));
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, harness.Target.Calls.Count(c => c.What == "call"));
        Assert.Equal("a1", Assert.Single(harness.Target.Called).With["once.Idempotency-Key"]);
        Assert.Single(harness.Target.All("Lead"));
    }

    [Fact]
    public async Task A_call_that_may_happen_twice_is_made_again_when_its_answer_is_lost()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow.Replace("once: { Idempotency-Key: =input.id }", "options: { duplicates: accept }", StringComparison.Ordinal))[0];
        await harness.StartAsync();
        harness.Target.Fail(FakeFault.LostBefore);
        await harness.PostAsync(flow, ("id", "a1"), ("word", "hello"));
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, harness.Target.Calls.Count(c => c.What == "call"));
        Assert.Single(harness.Target.All("Lead"));
    }
}
