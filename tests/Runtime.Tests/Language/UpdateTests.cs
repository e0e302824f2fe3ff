using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>What an <c>update</c> does with one record and with all, also when somebody deletes one in the moment in which it is written.</summary>
public sealed class UpdateTests
{
    private const string Changed = "text.of(list.count(closed, c => c.changed))";

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
        var flow = harness.Deploy(null, Flow("all: true", Changed))[0];
        await harness.StartAsync();
        foreach (var id in new[] { "one", "two", "three" }) harness.Target.Put("Line", id, ("Key", id), ("Parent", "p"), ("State", "open"));
        Deletes(harness, "two");
        await harness.ChangedAsync(flow, harness.Person("p"));
        await harness.DrainAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(["closed", "closed"], harness.Target.Field("Line", "State"));
        Assert.Equal("2", Assert.Single(harness.Target.All("Job"))["Count"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Fact]
    public async Task All_records_of_an_update_share_the_vendors_calls_and_a_crash_in_the_middle_leaves_none_out()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow("all: true", Changed))[0];
        await harness.StartAsync();
        for (var i = 0; i < 150; i++) harness.Target.Put("Line", null, ("Key", $"k{i}"), ("Parent", "p"), ("State", i < 50 ? "closed" : "open"));
        harness.Target.Fail(FakeFault.None, FakeFault.LostAnswer);
        await harness.ChangedAsync(flow, harness.Person("p"));
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.All(harness.Target.All("Line"), l => Assert.Equal("closed", l["State"]));
        Assert.True(harness.Target.Calls.Count(c => c is { What: "update", Entity: "Line" }) <= 6);
        Assert.Single(harness.Target.All("Job"));
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
