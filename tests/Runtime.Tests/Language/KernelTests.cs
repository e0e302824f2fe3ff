using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class KernelTests
{
    [Fact]
    public async Task A_record_that_was_created_twice_after_all_is_a_question_for_a_person()
    {
        await using var harness = Shapes.Harness();
        var flow = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        var person = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(flow, person);
        await harness.IdleAsync();
        var made = (string)Assert.Single(harness.Target.All("Lead"))["id"]!;
        await harness.RestartAsync();

        // Another system made the same one in the same minute.
        var other = harness.Target.Put("Lead", null, ("Ref", person), ("Email", "ada@example.com"));
        await harness.DrainAsync(TimeSpan.FromMinutes(5));
        var review = Assert.Single(await harness.Runtime.Reviews.ListAsync(new ReviewFilter { Workspace = RuntimeHarness.Workspace }, default));
        Assert.Equal((ReviewKind.PossiblyTwice, person), (review.Asked.Kind, review.Asked.Key));
        Assert.Equal(new[] { made, other }.Order(), ReviewBook.CandidatesOf((await harness.Runtime.Reviews.FindAsync(RuntimeHarness.Workspace, review.Asked.Id, default))!.Asked).Order());
        Assert.Null((await harness.Runtime.Reviews.DecideAsync(RuntimeHarness.Workspace, review.Asked.Id, ReviewDecision.Dismiss, null, "merged by hand", "kim", default)).Problem);
        Assert.Single(harness.Stores.AllRuns);
    }

    [Fact]
    public async Task What_such_a_question_shows_of_the_records_has_no_sensitive_value()
    {
        await using var harness = Shapes.Harness();
        var lead = Shapes.Lead with { Fields = [.. Shapes.Lead.Fields.Select(f => f.Name == "Email" ? f with { Sensitive = true } : f)] };
        harness.Target.Add(lead);
        var flow = harness.Deploy(Shapes.Flow("leads").Upsert("lead", "target", lead, ["Ref"], [("Ref", "input.id"), ("Email", "input.email"), ("Name", "input.name")]).Build());
        await harness.StartAsync();
        var person = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(flow, person);
        await harness.IdleAsync();
        harness.Target.Put("Lead", null, ("Ref", person), ("Email", "ada@example.com"), ("Name", "By hand"));
        await harness.DrainAsync(TimeSpan.FromMinutes(5));
        var content = (IReadOnlyDictionary<string, object?>)Payload.Decode(Assert.Single(await harness.Runtime.Reviews.ListAsync(new ReviewFilter { Workspace = RuntimeHarness.Workspace }, default)).Asked.Content)!;
        var candidates = ((IReadOnlyList<object?>)content["candidates"]!).Cast<IReadOnlyDictionary<string, object?>>().ToList();
        Assert.Equal(["Ada", "By hand"], candidates.Select(c => c["Name"]).Order());
        Assert.All(candidates, c => Assert.Equal(HiddenValues.Shown, c["Email"]));
    }

    [Fact]
    public async Task A_record_created_once_is_looked_for_and_nothing_is_told()
    {
        await using var harness = Shapes.Harness();
        var flow = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        await harness.ChangedAsync(flow, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        Assert.Equal(1, harness.Stores.Planned);
        await harness.DrainAsync(TimeSpan.FromMinutes(5));
        Assert.Equal((0, 0), (harness.Stores.Planned, harness.Stores.Pending));
        Assert.Empty(await harness.Runtime.Reviews.ListAsync(new ReviewFilter { Workspace = RuntimeHarness.Workspace }, default));
        Assert.Single(harness.Stores.AllRuns);
    }

    [Theory]
    [InlineData("match: [[Key]]", 2)]
    [InlineData("match: [[Key]], skipUnchanged: true", 1)]
    [InlineData("match: [[Key]], setOnUpdate: { Note: =input.name }, skipUnchanged: false", 2)]
    [InlineData("match: [[Key]], setOnUpdate: { Note: =input.name }", 1)]
    public async Task Whether_what_is_equal_is_written_again_the_step_says_and_by_one_unique_key_it_goes_straight(string how, int writes)
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(
            null,
            $$"""
            flow: writes
            trigger: { on: source/customer.changed, onlyWhenChanged: false }
            steps:
              - { upsert: target/Job, {{how}}, set: { Key: =input.id, Note: =input.name } }
            """)[0];
        await harness.StartAsync();
        var ada = harness.Person("Ada");
        for (var time = 0; time < 2; time++)
        {
            harness.Source.Put("customer", ada, ("phone", $"555-010{time}"));
            await harness.ChangedAsync(flow, ada);
            await harness.IdleAsync();
        }

        Assert.Equal(2, harness.Count(RunOutcome.Succeeded));
        Assert.Equal(writes, harness.Writes("Job"));
    }

    [Fact]
    public async Task What_was_in_flight_at_one_death_runs_with_all_others()
    {
        await using var harness = Shapes.Harness();
        var flow = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var stuck = new TaskCompletionSource();
        harness.Target.Before = (what, _) => what == "read" ? Task.CompletedTask : stuck.Task;
        for (var i = 0; i < 40; i++) await harness.ChangedAsync(flow, harness.Person($"P{i}"));
        while (!harness.Target.Calls.Any(c => c.What == "read") && harness.Runtime.RunsInMemory < 40) await Task.Yield();
        for (var i = 0; i < 1000; i++) await Task.Yield();
        harness.Target.Before = null;
        harness.Kill();
        harness.Target.Calls.Clear();
        await harness.StartAsync();
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal(40, harness.Target.All("Account").Count);
        Assert.True(harness.Target.Calls.Count(c => c.What != "read") < 20, $"{harness.Target.Calls.Count} calls");
    }

    [Fact]
    public async Task A_storm_pauses_the_deployment_also_for_the_next_start()
    {
        await using var harness = Shapes.Harness();
        var flow = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Refuses = (_, _) => "Not today.";
        for (var i = 0; i < 60; i++) await harness.ChangedAsync(flow, harness.Person($"P{i}"));
        await harness.IdleAsync();
        Assert.Equal(DeploymentState.Paused, harness.Stores.States[flow].State);
        Assert.Contains("Not today", harness.Stores.States[flow].Because, StringComparison.Ordinal);
        await harness.Runtime.ResumeAsync(flow);
        Assert.Equal(DeploymentState.Active, harness.Stores.States[flow].State);
    }

    [Fact]
    public async Task A_connection_that_never_answers_is_tried_for_ever_and_seen()
    {
        await using var harness = Shapes.Harness();
        var flow = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Faults = (_, _) => FakeFault.RateLimited;
        await harness.ChangedAsync(flow, harness.Person("Ada"));
        await harness.DrainAsync(TimeSpan.FromHours(6));
        var incident = Assert.Single(harness.Stores.AllIncidents);
        Assert.Contains("has not answered", incident.Message, StringComparison.Ordinal);
        Assert.Null(incident.RecoveredAt);
        Assert.Empty(harness.Stores.AllLetters);
        harness.Target.Faults = null;
        await harness.DrainAsync(TimeSpan.FromHours(6));
        await harness.IdleAsync();
        Assert.NotNull(harness.Stores.AllIncidents.Single().RecoveredAt);
        Assert.Equal(1, harness.Count(RunOutcome.Succeeded));
    }
}
