using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class WaitTests
{
    private static string Flow(string wait) => $$"""
        flow: waits
        parameters: { pause: { type: duration, default: 3h } }
        trigger: { on: source/customer.changed, onlyWhenChanged: false }
        steps:
          - upsert: target/Job
            match: [[Key]]
            set: { Key: =input.id, Note: '=`before ${input.name}`' }
          - {{wait}}
          - upsert: target/Job
            match: [[Key]]
            set: { Key: =input.id, Note: '=`after ${input.name}`' }
        """;

    [Theory]
    [InlineData("{ wait: 2h, releaseKey: false }", 2)]
    [InlineData("{ wait: =params.pause, releaseKey: false }", 3)]
    [InlineData("{ wait: '=input.status === \"new\" ? \"5h\" : \"1h\"', releaseKey: false }", 5)]
    [InlineData("{ wait: { until: '=date.add(run.now, \"4h\")' }, releaseKey: false }", 4)]
    [InlineData("{ wait: 48h, releaseKey: false }", 48)]
    public async Task A_run_waits_as_long_as_it_says_also_over_restarts(string wait, int hours)
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(new Dictionary<string, object?> { ["pause"] = TimeSpan.FromHours(3) }, Flow(wait))[0];
        await harness.StartAsync();
        await harness.ChangedAsync(flow, harness.Person("Ada"));
        await harness.IdleAsync();
        await harness.AdvanceAsync(TimeSpan.FromHours(hours) - TimeSpan.FromMinutes(1));
        await harness.RestartAsync();
        await harness.IdleAsync();
        Assert.Equal("before Ada", Assert.Single(harness.Target.All("Job"))["Note"]);
        await harness.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("after Ada", Assert.Single(harness.Target.All("Job"))["Note"]);
        Assert.Equal(1, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task A_wait_holds_its_key_unless_it_lets_it_go()
    {
        foreach (var (release, notes) in new[] { ("false", "before A"), ("true", "before B") })
        {
            await using var harness = Bench.Harness();
            var flow = harness.Deploy(new Dictionary<string, object?> { ["pause"] = TimeSpan.FromHours(3) }, Flow($"{{ wait: 2h, releaseKey: {release} }}"))[0];
            await harness.StartAsync();
            var id = harness.Person("A");
            await harness.ChangedAsync(flow, id);
            await harness.IdleAsync();
            harness.Source.Put("customer", id, ("name", "B"));
            await harness.ChangedAsync(flow, id);
            await harness.IdleAsync();
            Assert.Equal(notes, Assert.Single(harness.Target.All("Job"))["Note"]);
            await harness.DrainAsync(TimeSpan.FromDays(1));
            Assert.Equal("after B", Assert.Single(harness.Target.All("Job"))["Note"]);
            Assert.Equal(2, harness.Count(RunOutcome.Succeeded));
            Assert.Equal(2, harness.Stores.AllRuns.Select(r => r.Id).Distinct().Count());
        }
    }

    [Fact]
    public async Task A_run_that_let_its_key_go_comes_back_as_itself_after_a_crash()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(new Dictionary<string, object?> { ["pause"] = TimeSpan.FromHours(3) }, Flow("{ wait: 30d, releaseKey: true }"))[0];
        await harness.StartAsync();
        await harness.ChangedAsync(flow, harness.Person("Ada"));
        await harness.IdleAsync();
        Assert.Equal((0, 1), (harness.Stores.Pending, harness.Stores.Planned));
        await harness.RestartAsync();
        await harness.AdvanceAsync(TimeSpan.FromDays(30));
        await harness.IdleAsync();
        var run = Assert.Single(harness.Stores.AllRuns);
        Assert.Equal(2, harness.Stores.AllEffects.Count(e => e.RunId == run.Id));
    }
}
