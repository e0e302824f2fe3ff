using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Searches for a record that a run created just now and its vendor does not show yet.</summary>
public sealed class LateLookupTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(PlanOrElse.Fail)]
    [InlineData(PlanOrElse.None)]
    [InlineData(PlanOrElse.Stop)]
    public async Task A_lookup_by_id_waits_for_what_another_run_created_just_now(PlanOrElse orElse)
    {
        await using var harness = LateVisibilityTests.Late();
        var leads = harness.Deploy(Shapes.Leads());
        var copies = harness.Deploy(Copies("id", "input.status", orElse));
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(leads, id);
        await harness.IdleAsync();
        harness.Source.Put("customer", id, ("status", Assert.Single(harness.Target.All("Lead"))["id"]));
        await harness.ChangedAsync(copies, id);
        await harness.IdleAsync();
        Assert.Equal(1, harness.Stores.Pending);

        await harness.DrainAsync(Hour);

        Assert.Equal("Ada", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Fact]
    public async Task So_it_does_for_one_created_by_a_unique_key_which_leaves_no_link()
    {
        await using var harness = LateVisibilityTests.Late();
        var accounts = harness.Deploy(Shapes.Customers());
        var notes = harness.Deploy(Notes("id", "input.status", PlanOrElse.Fail));
        await harness.StartAsync();
        var id = harness.Person("Ada");
        await harness.ChangedAsync(accounts, id);
        await harness.IdleAsync();
        harness.Source.Put("customer", id, ("status", Assert.Single(harness.Target.All("Account"))["id"]));
        await harness.ChangedAsync(notes, id);
        await harness.DrainAsync(Hour);

        Assert.Equal("Ada", Assert.Single(harness.Target.All("Lead"))["Name"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Theory]
    [InlineData(PlanOrElse.Fail, false)]
    [InlineData(PlanOrElse.Fail, true)]
    [InlineData(PlanOrElse.None, false)]
    [InlineData(PlanOrElse.None, true)]
    [InlineData(PlanOrElse.Stop, false)]
    [InlineData(PlanOrElse.Stop, true)]
    public async Task A_lookup_by_a_linked_key_finds_what_the_search_does_not_show_yet(PlanOrElse orElse, bool hidden)
    {
        await using var harness = LateVisibilityTests.Late();
        harness.Target.HidesById = hidden;
        var leads = harness.Deploy(Shapes.Leads());
        var copies = harness.Deploy(Copies("Ref", "input.id", orElse));
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(leads, id);
        await harness.IdleAsync();
        await harness.ChangedAsync(copies, id);
        await harness.IdleAsync();
        Assert.Equal(hidden ? 1 : 0, harness.Stores.Pending);

        await harness.DrainAsync(Hour);

        Assert.Equal("Ada", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task So_does_one_by_the_key_of_a_create_that_is_made_once(bool hidden)
    {
        await using var harness = LateVisibilityTests.Late();
        harness.Target.HidesById = hidden;
        var once = Shapes.Flow("once");
        var tickets = harness.Deploy(once.Add(new CreateInstruction
        {
            Step = once.Step("ticket", "create"), Connection = "target", Entity = Shapes.Lead, Select = PlanBuilder.Fields(Shapes.Lead), Values = once.Mapping("input.id", "input.name"),
            Once = once.Line(Shapes.Lead, "Ref", 0), Set = [once.Line(Shapes.Lead, "Name", 1)],
        }).Build());
        var copies = harness.Deploy(Copies("Ref", "input.id", PlanOrElse.None));
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(tickets, id);
        await harness.IdleAsync();
        await harness.ChangedAsync(copies, id);
        await harness.DrainAsync(Hour);

        Assert.Equal("Ada", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Fact]
    public async Task One_that_may_find_nothing_and_does_is_not_held_up()
    {
        await using var harness = LateVisibilityTests.Late();
        var leads = harness.Deploy(Shapes.Leads());
        var copies = harness.Deploy(Shapes.Flow("copies")
            .Lookup("lead", "target", Shapes.Lead, "Ref", "input.id + '?'", PlanOrElse.None)
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "lead === null ? \"nobody\" : lead.Name")])
            .Build());
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(leads, id);
        await harness.IdleAsync();
        await harness.ChangedAsync(copies, id);
        await harness.IdleAsync();

        Assert.Equal("nobody", Assert.Single(harness.Target.All("Account"))["Name"]);
    }

    [Theory]
    [InlineData(PlanOrElse.Fail, false)]
    [InlineData(PlanOrElse.None, false)]
    [InlineData(PlanOrElse.None, true)]
    public async Task A_lookup_by_a_key_that_the_vendor_keeps_unique_finds_what_another_flow_created_just_now(PlanOrElse orElse, bool hidden)
    {
        await using var harness = LateVisibilityTests.Late();
        harness.Target.HidesById = hidden;
        var accounts = harness.Deploy(Shapes.Customers());
        var notes = harness.Deploy(Notes("CustomerId", "input.id", orElse));
        await harness.StartAsync();
        var id = harness.Person("Ada");
        await harness.ChangedAsync(accounts, id);
        await harness.IdleAsync();
        await harness.ChangedAsync(notes, id);
        await harness.DrainAsync(Hour);

        Assert.Equal("Ada", Assert.Single(harness.Target.All("Lead"))["Name"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task So_does_an_update_by_it_wherever_the_process_died_that_created_it(bool straight)
    {
        var boundaries = await CreatedAndMarkedAsync(straight, killAt: 0);
        Assert.True(boundaries > 3);
        for (var at = 1; at <= boundaries; at++) await CreatedAndMarkedAsync(straight, at);
    }

    [Fact]
    public async Task A_key_that_nobody_searches_by_leaves_no_link()
    {
        await using var harness = LateVisibilityTests.Late();
        var accounts = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        await harness.ChangedAsync(accounts, harness.Person("Ada"));
        await harness.DrainAsync(Hour);

        Assert.Single(harness.Target.All("Account"));
        Assert.Equal(0, harness.Stores.LinkCount);
    }

    [Fact]
    public async Task A_lookup_that_fails_waits_for_a_named_record_whoever_made_it()
    {
        await using var harness = LateVisibilityTests.Late();
        var copies = harness.Deploy(Copies("id", "input.status", PlanOrElse.Fail));
        await StartWithNamedAsync(harness, copies, "L1");
        await harness.IdleAsync();
        Assert.Equal(1, harness.Stores.Pending);
        harness.Target.Put("Lead", "L1", ("Name", "Ada"));

        await harness.DrainAsync(Hour);

        Assert.Equal("Ada", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Fact]
    public async Task So_does_an_update_of_one()
    {
        await using var harness = LateVisibilityTests.Late();
        var notes = harness.Deploy(Shapes.Flow("notes").Update("note", "target", Shapes.Account, "input.status", ("Note", "\"seen\"")).Build());
        await StartWithNamedAsync(harness, notes, "A1");
        await harness.IdleAsync();
        harness.Target.Put("Account", "A1", ("Name", "Ada"));

        await harness.DrainAsync(Hour);

        Assert.Equal("seen", Assert.Single(harness.Target.All("Account"))["Note"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Fact]
    public async Task Who_is_not_shown_a_named_record_when_settle_has_passed_since_the_event_came_fails()
    {
        await using var harness = LateVisibilityTests.Late();
        var copies = harness.Deploy(Copies("id", "input.status", PlanOrElse.Fail));
        await StartWithNamedAsync(harness, copies, "gone");
        await harness.AdvanceAsync(harness.Settle - TimeSpan.FromSeconds(1));
        Assert.Equal(1, harness.Stores.Pending);
        await harness.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Equal((ErrorKind.Rejected, "notFound"), (Assert.Single(harness.Stores.AllLetters).Content.ErrorKind, harness.Stores.AllLetters[0].Content.Code));
        Assert.Equal(0, harness.Stores.Pending);
    }

    [Theory]
    [InlineData("id", PlanOrElse.None)]
    [InlineData("Ref", PlanOrElse.Fail)]
    public async Task A_search_by_anything_else_and_one_that_may_find_nothing_are_not_held_up_by_what_no_run_created(string field, PlanOrElse orElse)
    {
        await using var harness = LateVisibilityTests.Late();
        var copies = harness.Deploy(Copies(field, "input.status", orElse));
        await StartWithNamedAsync(harness, copies, "gone");
        await harness.IdleAsync();

        Assert.Equal(0, harness.Stores.Pending);
    }

    /// <summary>A customer comes whose status names a record.</summary>
    private static async Task StartWithNamedAsync(RuntimeHarness harness, DeploymentRef deployment, string recordId)
    {
        await harness.StartAsync();
        var person = harness.Person("Ada");
        harness.Source.Put("customer", person, ("status", recordId));
        await harness.ChangedAsync(deployment, person);
    }

    /// <summary>One flow creates an account by its unique key, another marks it at once. How many boundaries the first passed.</summary>
    private static async Task<int> CreatedAndMarkedAsync(bool straight, int killAt)
    {
        await using var harness = LateVisibilityTests.Late();
        var boundary = new KillAt(killAt) { Kill = harness.Kill };
        harness.Boundary = boundary;
        var accounts = harness.Deploy(Shapes.Flow("accounts")
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")], u => u with { Direct = straight, SkipUnchanged = !straight })
            .Build());
        var marks = Shapes.Flow("marks");
        var marked = harness.Deploy(marks.Add(new ChangeInstruction
        {
            Step = marks.Step("mark", "update"), Connection = "target", Entity = Shapes.Account, Delete = false, Select = PlanBuilder.Fields(Shapes.Account), OrElse = PlanOrElse.None,
            Where = new PlanField("CustomerId", Shapes.Account.Field("CustomerId")!, Comparison.In, [0]), Values = marks.Mapping("input.id", "\"marked\""), Set = [marks.Line(Shapes.Account, "Note", 1)],
        }).Build());
        await harness.StartAsync();
        var id = harness.Person("Ada");
        await harness.ChangedAsync(accounts, id);
        if (killAt > 0)
        {
            await boundary.Killed.WaitAsync(TimeSpan.FromSeconds(20));
            await harness.StartAsync();
        }

        await harness.IdleAsync();
        var passed = boundary.Count;
        await harness.ChangedAsync(marked, id);
        await harness.DrainAsync(Hour);

        Assert.Equal("marked", Assert.Single(harness.Target.All("Account"))["Note"]);
        Assert.Empty(harness.Stores.AllLetters);
        return passed;
    }

    /// <summary>Makes an account of a lead's name.</summary>
    private static CompiledFlow Copies(string field, string value, PlanOrElse orElse) => Shapes.Flow("copies")
        .Lookup("lead", "target", Shapes.Lead, field, value, orElse)
        .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "lead.Name")])
        .Build();

    /// <summary>Makes a lead of an account's name.</summary>
    private static CompiledFlow Notes(string field, string value, PlanOrElse orElse) => Shapes.Flow("notes")
        .Lookup("account", "target", Shapes.Account, field, value, orElse)
        .Upsert("lead", "target", Shapes.Lead, ["Ref"], [("Ref", "input.id"), ("Name", "account.Name")])
        .Build();
}
