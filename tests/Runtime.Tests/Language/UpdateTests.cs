using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Somebody deletes a record in the moment in which a step that has found it writes to it.</summary>
public sealed class UpdateTests
{
    [Theory]
    [InlineData("none", RunOutcome.Succeeded, 1)]
    [InlineData("stop", RunOutcome.Stopped, 0)]
    [InlineData("fail", RunOutcome.Failed, 0)]
    public async Task A_record_that_is_gone_when_it_is_written_was_not_found(string orElse, RunOutcome outcome, int jobs)
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow($"orElse: {orElse}", "closed === null ? \"gone\" : \"there\""))[0];
        await harness.StartAsync();
        harness.Target.Put("Line", "one", ("Key", "a"), ("Parent", "p"), ("State", "open"));
        Deletes(harness, "one");
        await harness.ChangedAsync(flow, harness.Person("p"));
        await harness.DrainAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(1, harness.Count(outcome));
        Assert.Equal(jobs, harness.Target.All("Job").Count);
        Assert.All(harness.Target.All("Job"), j => Assert.Equal("gone", j["Count"]));
        Assert.Equal(outcome == RunOutcome.Failed ? ["NOT_FOUND"] : [], harness.Stores.AllLetters.Select(l => l.Content.Code));
    }

    [Fact]
    public async Task One_that_is_found_later_is_written_then()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow("orElse: later", "closed.changed ? \"there\" : \"gone\""))[0];
        await harness.StartAsync();
        harness.Target.Put("Line", "one", ("Key", "a"), ("Parent", "p"), ("State", "open"));
        Deletes(harness, "one");
        await harness.ChangedAsync(flow, harness.Person("p"));
        await harness.IdleAsync();
        Assert.Empty(harness.Target.All("Line"));
        harness.Target.Put("Line", "two", ("Key", "b"), ("Parent", "p"), ("State", "open"));
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Equal("closed", Assert.Single(harness.Target.All("Line"))["State"]);
        Assert.Equal("there", Assert.Single(harness.Target.All("Job"))["Count"]);
    }

    [Fact]
    public async Task Of_several_the_one_that_is_gone_is_left_out()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow("all: true", "text.of(list.count(closed, c => c.changed))"))[0];
        await harness.StartAsync();
        foreach (var id in new[] { "one", "two", "three" }) harness.Target.Put("Line", id, ("Key", id), ("Parent", "p"), ("State", "open"));
        Deletes(harness, "two");
        await harness.ChangedAsync(flow, harness.Person("p"));
        await harness.DrainAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(["closed", "closed"], harness.Target.Field("Line", "State"));
        Assert.Equal("2", Assert.Single(harness.Target.All("Job"))["Count"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    private static void Deletes(RuntimeHarness harness, string line) => harness.Target.Refuses = (entity, _) =>
    {
        if (entity == "Line") harness.Target.Remove("Line", line);
        return null;
    };

    private static string Flow(string how, string count) => $$"""
        flow: closes
        trigger: { on: source/customer.changed, onlyWhenChanged: false }
        steps:
          - id: closed
            update: target/Line
            where: { Parent: =input.name }
            set: { State: closed }
            {{how}}
          - create: target/Job
            once: { Key: =input.id }
            set: { Count: '={{count}}' }
        """;
}
