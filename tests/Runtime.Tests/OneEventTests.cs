using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class OneEventTests
{
    [Fact]
    public async Task A_change_of_a_customer_becomes_an_account_and_a_contact()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com", "555");

        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();

        var account = Assert.Single(harness.Target.All("Account"));
        Assert.Equal((id, "Ada", "555"), (account["CustomerId"], account["Name"], account["Phone"]));
        var contact = Assert.Single(harness.Target.All("Contact"));
        Assert.Equal((id + "/primary", "ada@example.com", account["id"]), (contact["PersonKey"], contact["Email"], contact["AccountId"]));
        var run = Assert.Single(harness.Stores.AllRuns);
        Assert.Equal((RunOutcome.Succeeded, 2), (run.Outcome, run.Effects));
        Assert.Equal(0, harness.Stores.Pending);
    }

    [Fact]
    public async Task The_explanation_names_steps_fields_and_lines()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        await harness.ChangedAsync(deployment, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();

        var run = Assert.Single(harness.Stores.AllRuns);
        var told = System.Text.Json.JsonDocument.Parse(harness.Stores.Explanation(RuntimeHarness.Workspace, run.Id)).RootElement;

        var steps = told.GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(["account", "contact"], steps.Select(s => s.GetProperty("step").GetString()!));
        Assert.Equal("Ada", steps[0].GetProperty("fields").GetProperty("Name")[0].GetString());
        Assert.True(steps[0].GetProperty("fields").GetProperty("Name")[1].GetInt32() > 0);
    }

    [Fact]
    public async Task The_same_record_again_writes_nothing()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        var writes = harness.Writes("Account") + harness.Writes("Contact");

        harness.Source.Put("customer", id, ("status", "seen"));
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();

        Assert.Equal(writes, harness.Writes("Account") + harness.Writes("Contact"));
        Assert.Equal(2, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task A_text_that_changed_only_its_case_is_written_though_the_vendor_finds_it_in_any()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var id = harness.Person("Ada", "Ada@Example.com");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();

        harness.Source.Put("customer", id, ("email", "ada@example.COM"));
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();

        Assert.Equal("ada@example.COM", Assert.Single(harness.Target.All("Contact"))["Email"]);
        Assert.Equal(2, harness.Writes("Contact"));
    }

    [Fact]
    public async Task Two_hundred_events_share_the_vendors_calls()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Deploy(Shapes.Customers(), replaces: deployment);
        harness.Runtime.Registry.SetState(deployment, DeploymentState.Paused, "until all are there");
        for (var i = 0; i < 200; i++) await harness.ChangedAsync(deployment, harness.Person($"P{i}", $"p{i}@example.com"));
        harness.Runtime.Registry.SetState(deployment, DeploymentState.Active, null);
        await harness.IdleAsync();

        Assert.Equal(200, harness.Count(RunOutcome.Succeeded));
        Assert.Equal(200, harness.Target.All("Contact").Count);
        Assert.True(harness.Target.Calls.Count <= 40, $"{harness.Target.Calls.Count} calls: {string.Join(" ", harness.Target.Calls)}");
    }

    [Fact]
    public async Task A_webhook_with_the_same_event_id_is_one_event()
    {
        await using var harness = Shapes.Harness();
        var flow = new PlanBuilder("hook").Connection("target").Webhook("input.delivery")
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")]).Build();
        var deployment = harness.Deploy(flow);
        await harness.StartAsync();

        var first = await harness.PostAsync(deployment, ("id", "7"), ("name", "Ada"), ("delivery", "d1"));
        var second = await harness.PostAsync(deployment, ("id", "7"), ("name", "Ada"), ("delivery", "d1"));
        await harness.IdleAsync();

        Assert.NotNull(first.EventId);
        Assert.Equal(Acceptance.Same, second);
        Assert.Single(harness.Stores.AllRuns);
    }

    [Fact]
    public async Task A_key_that_cannot_be_computed_refuses_the_call_with_a_sentence()
    {
        await using var harness = Shapes.Harness();
        var flow = new PlanBuilder("hook").Connection("target").Webhook().Key("input.customer.id").Stop("\"done\"").Build();
        var deployment = harness.Deploy(flow);
        await harness.StartAsync();

        var refused = await harness.PostAsync(deployment, ("name", "Ada"));

        Assert.Null(refused.EventId);
        Assert.NotNull(refused.Problem);
    }
}
