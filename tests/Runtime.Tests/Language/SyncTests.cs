using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class SyncTests
{
    [Fact]
    public async Task Children_are_made_changed_and_taken_away_until_they_equal_the_list()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow("missing: delete"))[0];
        await harness.StartAsync();
        harness.Target.Put("Line", null, ("Key", "gone"), ("Parent", "p"), ("Text", "old"));
        harness.Target.Put("Line", null, ("Key", "stays"), ("Parent", "other"), ("Text", "of another"));
        await RunAsync(harness, flow, "a", "b");
        Assert.Equal(["a", "b", "stays"], harness.Target.Field("Line", "Key"));
        Assert.Equal(["of another", "text a", "text b"], harness.Target.Field("Line", "Text"));
        var writes = harness.Writes("Line");
        await RunAsync(harness, flow, "a", "b");
        Assert.Equal(writes, harness.Writes("Line"));
        await RunAsync(harness, flow, "b", "c");
        Assert.Equal(["b", "c", "stays"], harness.Target.Field("Line", "Key"));
        await RunAsync(harness, flow);
        Assert.Equal(["stays"], harness.Target.Field("Line", "Key"));
    }

    [Fact]
    public async Task A_child_that_is_missing_is_changed_by_lines_that_read_it()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow("missing: { set: { State: '=found.State ?? \"closed\"' } }"))[0];
        await harness.StartAsync();
        await RunAsync(harness, flow, "a", "b");
        await RunAsync(harness, flow, "b");
        Assert.Equal([null, "closed"], harness.Target.Field("Line", "State"));
    }

    [Fact]
    public async Task A_child_of_another_record_moves_here()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow("missing: delete"))[0];
        await harness.StartAsync();
        harness.Target.Put("Line", null, ("Key", "a"), ("Parent", "other"), ("Text", "text a"));
        await RunAsync(harness, flow, "a");
        Assert.Equal("p", Assert.Single(harness.Target.All("Line"))["Parent"]);
    }

    [Fact]
    public async Task However_the_process_dies_the_children_end_equal_to_the_list()
    {
        for (var at = 1; at < 20; at++)
        {
            await using var harness = Bench.Harness();
            var reached = 0;
            var die = at;
            harness.Boundary = new At(() => { if (++reached == die) harness.Kill(); });
            var flow = harness.Deploy(null, Flow("missing: delete"))[0];
            harness.Target.Put("Line", null, ("Key", "x"), ("Parent", "p"), ("Text", "old"));
            harness.Target.Put("Line", null, ("Key", "y"), ("Parent", "p"), ("Text", "old"));
            await harness.StartAsync();
            await PostAsync(harness, flow, "a", "b");
            await harness.UntilDeadOrIdleAsync();
            die = 0;
            harness.Kill();
            await harness.StartAsync();
            await harness.DrainAsync(TimeSpan.FromHours(1));
            Assert.Equal(["a", "b"], harness.Target.Field("Line", "Key"));
            Assert.Equal(1, harness.Count(RunOutcome.Succeeded));
        }
    }

    [Fact]
    public async Task A_refused_child_is_an_error_of_the_whole_step()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow("missing: delete\n    onError: [{ kind: rejected, then: continue }]"))[0];
        await harness.StartAsync();
        harness.Target.Refuses = (entity, fields) => entity == "Line" && Equals(fields.GetValueOrDefault("Text"), "text b") ? "No b here." : null;
        await RunAsync(harness, flow, "a", "b", "c");
        Assert.Equal(["a"], harness.Target.Field("Line", "Key"));
        Assert.Equal("after", Assert.Single(harness.Target.All("Job"))["Note"]);
    }

    private static string Flow(string missing) => $$"""
        flow: lines
        input: { parent: text, keys: { list: text } }
        trigger: { webhook: lines, with: =trigger }
        key: =input.parent
        steps:
          - id: synced
            sync: target/Line
            within: { Parent: =input.parent }
            each: =input.keys
            as: key
            match: [[Key]]
            set: { Key: =key, Text: '=`text ${key}`' }
            {{missing}}
          - create: target/Job
            once: { Key: =run.id }
            set: { Note: after, Count: '=text.of(list.count(synced))' }
        """;

    private static async Task RunAsync(RuntimeHarness harness, DeploymentRef flow, params string[] keys)
    {
        await PostAsync(harness, flow, keys);
        await harness.IdleAsync();
    }

    private static Task PostAsync(RuntimeHarness harness, DeploymentRef flow, params string[] keys) =>
        harness.PostAsync(flow, ("parent", "p"), ("keys", keys.Cast<object?>().ToList()));
}
