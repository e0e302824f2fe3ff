using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary><c>orElse: later</c>: what a run waits for is named by what it read, and that grows old.</summary>
public sealed class LaterTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_waits_for_what_another_makes_reads_its_record_again(bool hint)
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("waits").Lookup("person", "source", Shapes.Customer, "id", "input.id")
            .If("input.status === \"never\"", then => then.CreateOnce("ticket", "target", Shapes.Ticket, "EventKey", "input.id", ("Subject", "input.name")))
            .Lookup("lead", "target", Shapes.Lead, "Ref", "person.phone", PlanOrElse.Later)
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name"), ("Note", "lead.Ref")]).Build());
        await harness.StartAsync();
        var id = harness.Person("Ada", phone: "goes");
        await harness.ChangedAsync(deployment, id, hint);
        await harness.IdleAsync();
        Assert.Equal(1, harness.Stores.Pending);

        // What it waits for never comes: its record names another one now.
        harness.Source.Put("customer", id, ("name", "Ada Lovelace"), ("phone", "stays"));
        harness.Target.Put("Lead", null, ("Ref", "stays"));
        await harness.DrainAsync(TimeSpan.FromHours(2));

        var account = Assert.Single(harness.Target.All("Account"));
        Assert.Equal(("Ada Lovelace", "stays"), (account["Name"], account["Note"]));
        Assert.Empty(harness.Stores.AllLetters);
        Assert.Equal(1, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task What_is_waited_for_is_waited_for_a_day_however_often_the_run_begins_anew()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("waits").Lookup("person", "source", Shapes.Customer, "id", "input.id")
            .Lookup("lead", "target", Shapes.Lead, "Ref", "person.phone", PlanOrElse.Later).Build());
        await harness.StartAsync();
        await harness.ChangedAsync(deployment, harness.Person("Ada", phone: "never comes"));
        await harness.DrainAsync(TimeSpan.FromHours(23));
        Assert.Empty(harness.Stores.AllLetters);
        await harness.DrainAsync(TimeSpan.FromHours(2));

        Assert.Equal("notFound", Assert.Single(harness.Stores.AllLetters).Content.Code);
        Assert.InRange(harness.Target.Calls.Count(c => c.What == "read"), 20, 40);
    }

    [Fact]
    public async Task Replayed_from_the_start_it_reads_its_record_again_too()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("waits").Lookup("person", "source", Shapes.Customer, "id", "input.id")
            .Lookup("lead", "target", Shapes.Lead, "Ref", "person.phone", PlanOrElse.Later)
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Note", "lead.Ref")]).Build());
        await harness.StartAsync();
        var id = harness.Person("Ada", phone: "goes");
        await harness.ChangedAsync(deployment, id, hint: false);
        await harness.DrainAsync(TimeSpan.FromHours(26));
        await harness.Runtime.Replayer.ReplayAsync(RuntimeHarness.Workspace, Assert.Single(harness.Stores.AllLetters).Id, false, CancellationToken.None);
        await harness.IdleAsync();
        Assert.Equal(1, harness.Stores.Pending);

        harness.Source.Put("customer", id, ("phone", "stays"));
        harness.Target.Put("Lead", null, ("Ref", "stays"));
        await harness.DrainAsync(TimeSpan.FromHours(2));

        Assert.Equal("stays", Assert.Single(harness.Target.All("Account"))["Note"]);
    }

    [Fact]
    public async Task A_run_that_has_written_keeps_what_it_read_while_it_waits()
    {
        await using var harness = Shapes.Harness();
        var deployment = harness.Deploy(Shapes.Flow("waits")
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Name", "input.name")])
            .Lookup("lead", "target", Shapes.Lead, "Ref", "input.id", PlanOrElse.Later)
            .Update("note", "target", Shapes.Account, "account.id", ("Note", "input.name")).Build());
        await harness.StartAsync();
        var id = harness.Person("Ada");
        await harness.ChangedAsync(deployment, id);
        await harness.IdleAsync();
        harness.Source.Put("customer", id, ("name", "Ada Lovelace"));
        harness.Target.Put("Lead", null, ("Ref", id));
        await harness.DrainAsync(TimeSpan.FromHours(2));

        Assert.Equal("Ada", Assert.Single(harness.Target.All("Account"))["Note"]);
        Assert.Equal(2, harness.Writes("Account"));
    }

    [Theory]
    [InlineData("{ start: total, key: =input.name, with: { number: =input.name } }", 1, 10)]
    [InlineData("{ wait: 2h, releaseKey: false }", 0, 130)]
    public async Task What_it_did_that_no_effect_tells_of_is_not_done_again(string does, int started, int minutes)
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(
            null,
            $$"""
            flow: does
            trigger: { on: source/customer.changed, onlyWhenChanged: false }
            steps:
              - {{does}}
              - lookup: target/Job
                where: { Key: =input.status }
                orElse: later
            """,
            """
            flow: total
            input: { number: text }
            key: =input.number
            steps:
              - upsert: target/Job
                match: [[Key]]
                set: { Key: =input.number }
            """)[0];
        await harness.StartAsync();
        await harness.ChangedAsync(flow, harness.Person("Ada"));
        await harness.DrainAsync(TimeSpan.FromMinutes(minutes));
        Assert.Equal(started, harness.Count(RunOutcome.Succeeded));

        harness.Target.Put("Job", null, ("Key", "new"));
        await harness.DrainAsync(TimeSpan.FromMinutes(minutes));

        Assert.Equal(started, harness.Stores.AllRuns.Count(r => r.Trigger == "(start)"));
        Assert.Equal(started + 1, harness.Count(RunOutcome.Succeeded));
    }
}
