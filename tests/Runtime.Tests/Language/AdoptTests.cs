using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class AdoptTests
{
    private const string Flow = """
        flow: adopts
        input: { key: text, note: text, text: text }
        trigger: { webhook: adopts, with: =trigger }
        key: =input.key
        steps:
          - upsert: target/Line
            match: [[Key], [Text]]
            adopt: =found.State === null || found.State === input.note
            set: { Key: =input.key, Text: =input.text, State: =input.note }
        """;

    [Fact]
    public async Task A_record_that_a_later_rule_found_is_taken_over_only_where_the_condition_holds()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow)[0];
        await harness.StartAsync();
        var same = harness.Target.Put("Line", null, ("Text", "a"), ("State", "Dana"));
        var other = harness.Target.Put("Line", null, ("Text", "b"), ("State", "Bo"));
        await PostAsync(harness, flow, "1", "Dana", "a");
        await PostAsync(harness, flow, "2", "Dana", "b");
        await harness.IdleAsync();
        var lines = harness.Target.All("Line");
        Assert.Equal(3, lines.Count);
        Assert.Equal("1", lines.Single(l => (string)l["id"]! == same)["Key"]);
        Assert.Null(lines.Single(l => (string)l["id"]! == other).GetValueOrDefault("Key"));
        Assert.Equal("b", lines.Single(l => l.GetValueOrDefault("Key") as string == "2")["Text"]);
    }

    [Fact]
    public async Task Of_several_that_a_rule_found_only_those_that_may_be_taken_over_make_it_ambiguous()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow)[0];
        await harness.StartAsync();
        var same = harness.Target.Put("Line", null, ("Text", "a"), ("State", "Dana"));
        harness.Target.Put("Line", null, ("Text", "a"), ("State", "Bo"));
        await PostAsync(harness, flow, "1", "Dana", "a");
        await harness.IdleAsync();
        Assert.Equal("1", harness.Target.All("Line").Single(l => (string)l["id"]! == same)["Key"]);
    }

    private static Task PostAsync(RuntimeHarness harness, DeploymentRef flow, string key, string note, string text) =>
        harness.PostAsync(flow, ("key", key), ("note", note), ("text", text));
}
