using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class FailureTests
{
    [Fact]
    public async Task A_rate_limited_run_waits_the_time_the_server_asked_for()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Fail(FakeFault.RateLimited);

        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.IdleAsync();
        await harness.AdvanceAsync(TimeSpan.FromSeconds(29));
        Assert.Empty(harness.Target.All("Account"));

        await harness.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Single(harness.Target.All("Account"));
        Assert.Equal(2, Assert.Single(harness.Stores.AllRuns).Attempts);
    }

    [Fact]
    public async Task Trouble_of_the_outside_is_never_charged_to_a_record()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Fail([.. Enumerable.Repeat(FakeFault.RateLimited, 30)]);

        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Single(harness.Target.All("Account"));
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Fact]
    public async Task A_poisoned_record_of_200_fails_alone_and_can_be_replayed()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Refuses = (_, fields) => fields.GetValueOrDefault("Name") is "P77" ? "No such names here." : null;
        var ids = new List<string>();
        for (var i = 0; i < 200; i++) ids.Add(harness.Person($"P{i}"));
        foreach (var id in ids) await harness.ChangedAsync(deployment, id);
        await harness.DrainAsync(TimeSpan.FromHours(12));

        var letter = Assert.Single(harness.Stores.AllLetters);
        Assert.Equal((ids[77], "account", ErrorKind.Rejected, "No such names here."), (letter.Content.Key, letter.Content.Step, letter.Content.ErrorKind, letter.Content.Message));
        Assert.NotNull(letter.Content.Place);
        Assert.Equal(199, harness.Target.All("Account").Count);

        harness.Target.Refuses = null;
        harness.Source.Put("customer", ids[77], ("name", "Mended"));
        Assert.NotNull(await harness.Runtime.Replayer.ReplayAsync(RuntimeHarness.Workspace, letter.Id, false, CancellationToken.None));
        await harness.IdleAsync();

        Assert.Contains(harness.Target.All("Account"), a => (string?)a["Name"] == "Mended");
        Assert.Equal(DeadLetterState.Replayed, harness.Stores.AllLetters[0].State);
        Assert.Equal(letter.Id, harness.Stores.AllRuns[^1].ReplayOf);
    }

    [Fact]
    public async Task An_incident_of_equal_failures_is_over_when_nothing_of_it_waits_any_more()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Refuses = (_, fields) => ((string?)fields.GetValueOrDefault("Name"))?.StartsWith("Bad", StringComparison.Ordinal) == true ? "No such names here." : null;
        string[] ids = [harness.Person("Bad 1"), harness.Person("Bad 2"), harness.Person("Bad 3")];
        foreach (var id in ids) await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        Assert.Equal(3, harness.Stores.AllLetters.Count);
        Assert.Null(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);

        // One goes well after a replay, one by a newer event, the last is put aside; the letters are known over a restart.
        harness.Source.Put("customer", ids[0], ("name", "Mended 1"));
        await harness.Runtime.Replayer.ReplayAsync(RuntimeHarness.Workspace, LetterOf(ids[0]), false, CancellationToken.None);
        await harness.IdleAsync();
        await harness.RestartAsync();
        harness.Source.Put("customer", ids[1], ("name", "Mended 2"));
        await harness.ChangedAsync(deployment, ids[1]);
        await harness.IdleAsync();
        Assert.Null(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
        await harness.Runtime.Replayer.DiscardAsync(RuntimeHarness.Workspace, LetterOf(ids[2]), "known", CancellationToken.None);
        await harness.IdleAsync();
        await harness.StoredAsync();
        Assert.NotNull(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);

        long LetterOf(string key) => harness.Stores.AllLetters.Single(l => l.Content.Key == key).Id;
    }

    [Fact]
    public async Task A_replay_from_the_step_behind_a_newer_change_does_not_put_the_older_values_back()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Refuses = (_, _) => "Closed.";
        var ada = harness.Person("Ada");
        await harness.ChangedAsync(deployment, ada, hint: false);
        await harness.IdleAsync();
        var letter = Assert.Single(harness.Stores.AllLetters);
        harness.Target.Refuses = null;
        harness.Person("Ada Lovelace", id: ada);
        harness.Target.Fail(FakeFault.RateLimited);
        await harness.ChangedAsync(deployment, ada, hint: false);
        await harness.IdleAsync();
        Assert.NotNull(await harness.Runtime.Replayer.ReplayAsync(RuntimeHarness.Workspace, letter.Id, fromStep: true, CancellationToken.None));
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Equal("Ada Lovelace", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Equal(1, harness.Count(RunOutcome.Superseded));
    }

    [Fact]
    public async Task A_replay_from_the_step_goes_on_with_the_outputs_so_far()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Refuses = (entity, _) => entity == "Contact" ? "Closed." : null;
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        var reads = harness.Target.Calls.Count(c => c.Entity == "Account");

        harness.Target.Refuses = null;
        await harness.Runtime.Replayer.ReplayAsync(RuntimeHarness.Workspace, 1, true, CancellationToken.None);
        await harness.IdleAsync();

        Assert.Equal(harness.Target.All("Account")[0]["id"], Assert.Single(harness.Target.All("Contact"))["AccountId"]);
        Assert.Equal(reads, harness.Target.Calls.Count(c => c.Entity == "Account"));
    }

    [Fact]
    public async Task A_success_closes_older_dead_letters_of_its_key()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Refuses = (_, _) => "Closed.";
        var id = harness.Person("Ada");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();

        harness.Target.Refuses = null;
        harness.Source.Put("customer", id, ("name", "Ada L"));
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();

        Assert.Equal(DeadLetterState.Superseded, Assert.Single(harness.Stores.AllLetters).State);
    }

    [Fact]
    public async Task A_missing_field_pauses_the_deployment_and_a_probe_resumes_it()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Faults = (_, _) => FakeFault.Misconfigured;
        for (var i = 0; i < 20; i++) await harness.ChangedAsync(deployment, harness.Person($"P{i}"));
        await harness.IdleAsync();
        var calls = harness.Target.Calls.Count;
        for (var i = 20; i < 40; i++) await harness.ChangedAsync(deployment, harness.Person($"P{i}"));
        await harness.IdleAsync();

        Assert.Empty(harness.Stores.AllLetters);
        Assert.Equal(40, harness.Stores.Pending);
        Assert.Equal(calls, harness.Target.Calls.Count);
        Assert.Null(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);

        harness.Target.Faults = null;
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Equal(40, harness.Target.All("Account").Count);
        Assert.NotNull(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
    }

    [Theory]
    [InlineData(FakeFault.Misconfigured)]
    [InlineData(FakeFault.Unauthorized)]
    public async Task After_a_restart_one_run_asks_whether_a_pause_is_over_and_not_all_that_wait(FakeFault fault)
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Faults = (_, _) => fault;
        await harness.ChangedAsync(deployment, harness.Person("first"));
        await harness.IdleAsync();
        for (var i = 0; i < 20; i++) await harness.ChangedAsync(deployment, harness.Person($"P{i}"));
        await harness.IdleAsync();
        var calls = harness.Target.Calls.Count;

        await harness.RestartAsync();
        await harness.IdleAsync();
        Assert.Equal(calls + 1, harness.Target.Calls.Count);
        Assert.Single(harness.Runtime.Pauses);

        harness.Target.Faults = null;
        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal(21, harness.Target.All("Account").Count);
        Assert.NotNull(Assert.Single(harness.Stores.AllIncidents).RecoveredAt);
        Assert.Empty(harness.Runtime.Pauses);
    }

    [Fact]
    public async Task Refused_credentials_pause_the_connection()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Fail(FakeFault.Unauthorized);
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.IdleAsync();
        var calls = harness.Target.Calls.Count;

        await harness.ChangedAsync(deployment, harness.Person("Bea"));
        await harness.IdleAsync();
        Assert.Equal(calls, harness.Target.Calls.Count);

        await harness.DrainAsync(TimeSpan.FromHours(1));
        Assert.Equal(2, harness.Target.All("Account").Count);
    }

    [Fact]
    public async Task Attempts_about_the_record_are_counted_and_end_in_a_dead_letter()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("limited")
            .Lookup("there", "target", Shapes.Account, "CustomerId", "input.id", with: s => s with { Attempts = 3 }).Build());
        await harness.StartAsync();
        harness.Target.Faults = (_, _) => FakeFault.Locked;

        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.DrainAsync(TimeSpan.FromHours(2));

        var letter = Assert.Single(harness.Stores.AllLetters);
        Assert.Equal("UNABLE_TO_LOCK_ROW", letter.Content.Code);
        Assert.Equal(3, letter.Content.Attempts.Count);
    }

    [Fact]
    public async Task An_error_case_runs_its_steps_and_goes_on()
    {
        await using var harness = Shapes.Harness();
        var plan = Shapes.Flow("handled");
        plan.Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")]);
        plan.Stop("account === null ? \"went on\" : \"no error\"");
        var handler = plan.Next;
        plan.Upsert("lead", "target", Shapes.Lead, ["Ref"], [("Ref", "input.id"), ("Name", "error.code")]);
        plan.Add(new EndHandlerInstruction { Step = plan.Step("end", "onError") });
        plan.Patch(0, i => i with { Step = i.Step with { OnError = [new PlanErrorCase { Kinds = [ErrorKind.Rejected], Do = handler, Then = PlanThen.Continue }] } });
        var deployment = harness.Deploy(plan.Build());
        await harness.StartAsync();
        harness.Target.Refuses = (entity, _) => entity == "Account" ? "Closed." : null;

        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.IdleAsync();

        Assert.Equal("FIELD_CUSTOM_VALIDATION_EXCEPTION", Assert.Single(harness.Target.All("Lead"))["Name"]);
        Assert.Equal((RunOutcome.Stopped, "went on"), (harness.Stores.AllRuns[0].Outcome, harness.Stores.AllRuns[0].Text));
    }

    [Fact]
    public async Task A_step_is_repeated_once_with_changed_lines()
    {
        await using var harness = Shapes.Harness();
        var plan = Shapes.Flow("again");
        plan.Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")]);
        var again = new PlanBuilder("again").Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "\"Unnamed\"")]).Build().Instructions[0];
        plan.Patch(0, i => i with { Step = i.Step with { OnError = [new PlanErrorCase { Again = again }] } });
        var deployment = harness.Deploy(plan.Build());
        await harness.StartAsync();
        harness.Target.Refuses = (_, fields) => (string?)fields.GetValueOrDefault("Name") == "Ada" ? "Not her." : null;

        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.IdleAsync();

        Assert.Equal("Unnamed", Assert.Single(harness.Target.All("Account"))["Name"]);
    }

    [Fact]
    public async Task Fifty_equal_dead_letters_in_a_minute_pause_the_deployment()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Refuses = (_, _) => "A validation rule that nobody told us of.";
        harness.Options = harness.Options with { Window = 10 };
        for (var i = 0; i < 200; i++) await harness.ChangedAsync(deployment, harness.Person($"P{i}"));
        await harness.IdleAsync();

        Assert.Equal(DeploymentState.Paused, harness.Runtime.Registry.Find(deployment)!.State);

        // As long as it stands still that is an incident, and not any more when a person lets it go on.
        await harness.StoredAsync();
        Assert.Null(Storm().RecoveredAt);
        harness.Target.Refuses = null;
        await harness.Runtime.ResumeAsync(deployment);
        await harness.IdleAsync();
        await harness.StoredAsync();
        Assert.NotNull(Storm().RecoveredAt);

        Incident Storm() => harness.Stores.AllIncidents.Single(i => i.Fingerprint.StartsWith("storm:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_expression_that_fails_is_a_dead_letter_with_its_place()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("broken").Map("m", ("x", "input.name.first.second")).Build());
        await harness.StartAsync();
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.IdleAsync();

        var letter = Assert.Single(harness.Stores.AllLetters);
        Assert.Equal(("m", ErrorKind.Rejected), (letter.Content.Step, letter.Content.ErrorKind));
        Assert.Contains("broken.yaml", letter.Content.Message, StringComparison.Ordinal);
    }
}
