using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>A vendor that need not show a new record yet, by search or even by its id: what runs know of it goes before what it shows.</summary>
public sealed class LateVisibilityTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_linked_record_that_is_not_even_shown_by_its_id_is_waited_for_and_not_made_twice()
    {
        await using var harness = Late();
        var deployment = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        harness.Source.Put("customer", id, ("name", "Ada Lovelace"));
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        Assert.Equal(1, harness.Stores.Pending);

        await harness.DrainAsync(Hour);

        Assert.Equal("Ada Lovelace", Assert.Single(harness.Target.All("Lead"))["Name"]);
        Assert.Equal(1, harness.Target.Calls.Count(c => c.What == "create"));
        Assert.Equal(2, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task An_update_of_what_the_run_itself_created_waits_until_it_is_shown()
    {
        await using var harness = Late();
        var deployment = harness.Deploy(Shapes.Flow("both")
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")])
            .Update("note", "target", Shapes.Account, "account.id", ("Note", "\"seen\""))
            .Build());
        await harness.StartAsync();
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.IdleAsync();
        Assert.Null(Assert.Single(harness.Target.All("Account")).GetValueOrDefault("Note"));

        await harness.DrainAsync(Hour);

        Assert.Equal("seen", Assert.Single(harness.Target.All("Account"))["Note"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Fact]
    public async Task Nor_is_what_it_created_by_a_call_whose_answer_was_lost_taken_for_gone_though_the_repeat_is_told_updated()
    {
        await using var harness = Late();
        var deployment = harness.Deploy(Shapes.Flow("both")
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")])
            .Update("note", "target", Shapes.Account, "account.id", ("Note", "\"seen\""))
            .Build());
        harness.Target.Fail(FakeFault.LostAnswer);
        await harness.StartAsync();
        await harness.ChangedAsync(deployment, harness.Person("Ada"));

        await harness.DrainAsync(Hour);

        Assert.Equal("seen", Assert.Single(harness.Target.All("Account"))["Note"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_update_by_a_linked_key_reaches_a_record_that_the_search_does_not_show_yet(bool hidden)
    {
        await using var harness = Late();
        harness.Target.HidesById = hidden;
        var leads = harness.Deploy(Shapes.Leads());
        var marks = harness.Deploy(Marks("input.id"));
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(leads, id);
        await harness.IdleAsync();
        await harness.ChangedAsync(marks, id);
        await harness.IdleAsync();
        Assert.Equal(hidden ? "Ada" : "marked", Assert.Single(harness.Target.All("Lead"))["Name"]);

        await harness.DrainAsync(Hour);

        Assert.Equal("marked", Assert.Single(harness.Target.All("Lead"))["Name"]);
        Assert.Empty(harness.Stores.AllLetters);
    }

    [Fact]
    public async Task An_update_by_a_key_that_no_link_names_is_not_held_up()
    {
        await using var harness = Late();
        var leads = harness.Deploy(Shapes.Leads());
        var marks = harness.Deploy(Marks("input.id + '?'"));
        await harness.StartAsync();
        var id = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(leads, id);
        await harness.IdleAsync();
        await harness.ChangedAsync(marks, id);
        await harness.IdleAsync();

        Assert.Equal((ErrorKind.Rejected, "notFound"), (Assert.Single(harness.Stores.AllLetters).Content.ErrorKind, harness.Stores.AllLetters[0].Content.Code));
    }

    [Fact]
    public async Task A_child_that_was_created_with_its_parent_is_waited_for_and_not_made_twice()
    {
        await using var harness = Late();
        var place = FakeEntity.Describe("Place", "Street") is var described
            ? described with { Fields = [.. described.Fields, new FieldDescriptor { Name = "OwnerId", Type = FieldType.IdOf("Owner"), Creatable = true, Filterable = true, Search = SearchForm.Exact }] } : null!;
        var owner = FakeEntity.Describe("Owner", "Ref") is var known
            ? known with { Fields = [.. known.Fields, new FieldDescriptor { Name = "places", Type = FieldType.ListOf(FieldType.Of(FieldKind.Object)), Creatable = true }] } : null!;
        harness.Target.Add(place);
        harness.Target.Add(owner);
        harness.Target.CreatesBesides = (entity, id, _) => entity == "Owner" ? ("Place", new Dictionary<string, object?> { ["OwnerId"] = id, ["Street"] = "1 Main St" }) : null;
        var deployment = harness.Deploy(Shapes.Flow("owners")
            .Upsert("owner", "target", owner, ["Ref"], [("Ref", "input.id"), ("places", "[{ Street: \"1 Main St\" }]")])
            .Upsert("place", "target", place, ["OwnerId+Street"], [("OwnerId", "owner.id"), ("Street", "\"1 Main St\"")])
            .Build());
        await harness.StartAsync();
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.DrainAsync(Hour);

        Assert.Single(harness.Target.All("Owner"));
        Assert.Single(harness.Target.All("Place"));
        Assert.Equal(1, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task What_an_upsert_found_after_all_is_not_told_as_created()
    {
        await using var harness = Late();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var id = harness.Person("Ada");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        harness.Source.Put("customer", id, ("name", "Ada Lovelace"));
        await harness.ChangedAsync(deployment, id);
        await harness.DrainAsync(Hour);

        Assert.Equal("Ada Lovelace", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Equal(["created", "updated"], harness.Stores.AllEffects.Select(e => e.Verb));
    }

    [Fact]
    public async Task Nor_is_it_when_the_process_died_before_the_answer()
    {
        await using var harness = Late();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var id = harness.Person("Ada");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        var under = new TaskCompletionSource();
        harness.Target.Before = (what, _) =>
        {
            if (what != "upsert") return Task.CompletedTask;
            under.TrySetResult();
            return new TaskCompletionSource().Task;
        };
        harness.Source.Put("customer", id, ("name", "Ada Lovelace"));
        await harness.ChangedAsync(deployment, id);
        await under.Task.WaitAsync(TimeSpan.FromSeconds(20));
        harness.Target.Before = null;
        await harness.RestartAsync();
        await harness.DrainAsync(Hour);

        Assert.Equal("Ada Lovelace", Assert.Single(harness.Target.All("Account"))["Name"]);
        Assert.Equal(["created", "updated"], harness.Stores.AllEffects.Select(e => e.Verb));
    }

    [Fact]
    public async Task What_was_created_by_a_call_whose_answer_was_lost_is_told_as_created()
    {
        await using var harness = Late();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Faults = (what, _) => what == "upsert" && harness.Target.Calls.Count(c => c.What == "upsert") == 1 ? FakeFault.LostAnswer : FakeFault.None;
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.DrainAsync(Hour);

        Assert.Single(harness.Target.All("Account"));
        Assert.Equal(["created"], harness.Stores.AllEffects.Select(e => e.Verb));
    }

    [Fact]
    public async Task So_is_it_when_the_first_repeat_did_not_even_leave()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        harness.Target.Faults = (what, _) => what != "upsert" ? FakeFault.None : harness.Target.Calls.Count(c => c.What == "upsert") switch { 1 => FakeFault.LostAnswer, 2 => FakeFault.RateLimited, _ => FakeFault.None };
        await harness.ChangedAsync(deployment, harness.Person("Ada"));
        await harness.DrainAsync(Hour);

        Assert.Single(harness.Target.All("Account"));
        Assert.Equal(["created"], harness.Stores.AllEffects.Select(e => e.Verb));
    }

    internal static RuntimeHarness Late()
    {
        var harness = Shapes.Harness();
        (harness.Target.Lateness, harness.Target.HidesById) = (TimeSpan.FromSeconds(50), true);
        return harness;
    }

    /// <summary>Marks the lead of a customer; it must be there.</summary>
    private static CompiledFlow Marks(string key)
    {
        var flow = Shapes.Flow("marks");
        return flow.Add(new ChangeInstruction
        {
            Step = flow.Step("mark", "update"), Connection = "target", Entity = Shapes.Lead, Delete = false, Select = PlanBuilder.Fields(Shapes.Lead), OrElse = PlanOrElse.Fail,
            Where = new PlanField("Ref", Shapes.Lead.Field("Ref")!, Comparison.In, [0]), Values = flow.Mapping(key, "\"marked\""), Set = [flow.Line(Shapes.Lead, "Name", 1)],
        }).Build();
    }
}
