using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Fields of an input that nothing was given for.</summary>
public sealed class InputDefaultTests
{
    private const string Called = """
        flow: called
        input: { id: text, times: { type: integer, default: 3 }, word: { type: text, default: none } }
        trigger: { webhook: called, with: =trigger }
        key: '=`${input.id}/${input.word}`'
        steps:
          - create: target/Job
            once: { Key: '=`${input.id}/${input.times + 1}`' }
            set: { Note: =input.word }
        """;

    [Fact]
    public async Task Have_their_default_whatever_starts_the_flow_and_in_its_key_too()
    {
        await using var harness = Bench.Harness();
        const string calling = """
            flow: calling
            input: { id: text }
            trigger: { webhook: calling, with: =trigger }
            key: =input.id
            steps:
              - { flow: called, with: { id: '=`${input.id}-inside`' } }
              - { start: called, key: =input.id, with: { id: '=`${input.id}-handed`', times: 7 } }
            """;
        var flows = harness.Deploy(null, Called, calling);
        await harness.StartAsync();
        await harness.PostAsync(flows[0], ("id", "a"));
        await harness.PostAsync(flows[0], ("id", "b"), ("times", 5L), ("word", "given"));
        await harness.PostAsync(flows[1], ("id", "c"));
        await harness.DrainAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(["a/4", "b/6", "c-handed/8", "c-inside/4"], harness.Target.Field("Job", "Key"));
        Assert.Equal(["given", "none", "none", "none"], harness.Target.Field("Job", "Note"));
        Assert.Equal(["a/none", "b/given"], harness.Stores.AllRuns.Where(r => r.Trigger == "webhook").Select(r => r.Key).Where(k => k != "c").Order());
    }
}
