using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class StartTests
{
    private const string Spread = """
        flow: spread
        trigger: { on: source/customer.changed, onlyWhenChanged: false }
        steps:
          - id: invoices
            query: source/invoice
            where: { job: =input.name }
          - forEach: =invoices
            as: invoice
            do:
              - start: total
                key: =invoice.number
                with: { number: =invoice.number, amount: =invoice.total }
        """;

    private const string Total = """
        flow: total
        input: { number: text, amount: { type: decimal, optional: true } }
        key: =input.number
        steps:
          - upsert: target/Job
            match: [[Key]]
            set: { Key: =input.number, Total: =input.amount, Note: =run.trigger }
        """;

    private const string Planned = """
        flow: planner
        trigger: { on: source/customer.changed, onlyWhenChanged: false }
        steps:
          - start: total
            key: =input.name
            with: { number: =input.name, amount: null }
            at: '=input.status === "off" ? null : date.add(run.now, "30d")'
        """;

    [Fact]
    public async Task Each_item_is_handed_over_to_a_run_under_its_own_key_with_its_exact_input()
    {
        await using var harness = Bench.Harness();
        var spread = harness.Deploy(null, Spread, Total)[0];
        await harness.StartAsync();
        harness.Invoiced("A", "j", 10.50m);
        harness.Invoiced("B", "j", 0.07m);
        await harness.ChangedAsync(spread, harness.Person("j"));
        await harness.IdleAsync();
        await harness.IdleAsync();
        Assert.Equal(["A", "B"], harness.Target.Field("Job", "Key"));
        Assert.Equal(["0.07", "10.50"], harness.Target.Field("Job", "Total"));
        Assert.Equal(["A", "B"], harness.Stores.AllRuns.Where(r => r.Trigger == "(start)").Select(r => r.Key).Order());
        Assert.Equal(3, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task However_the_process_dies_each_start_happens_once()
    {
        for (var at = 1; at < 12; at++)
        {
            await using var harness = Bench.Harness();
            var reached = 0;
            var die = at;
            harness.Boundary = new At(() => { if (++reached == die) harness.Kill(); });
            var spread = harness.Deploy(null, Spread, Total)[0];
            await harness.StartAsync();
            harness.Invoiced("A", "j", 1);
            harness.Invoiced("B", "j", 2);
            await harness.ChangedAsync(spread, harness.Person("j"));
            await harness.UntilDeadOrIdleAsync();
            die = 0;
            harness.Kill();
            await harness.StartAsync();
            await harness.DrainAsync(TimeSpan.FromHours(1));
            Assert.Equal(["A", "B"], harness.Target.Field("Job", "Key"));
            Assert.Equal(2, harness.Stores.AllRuns.Count(r => r.Trigger == "(start)"));
        }
    }

    [Fact]
    public async Task What_is_planned_is_moved_by_the_same_key_and_taken_back_by_null()
    {
        await using var harness = Bench.Harness();
        var planner = harness.Deploy(null, Planned, Total)[0];
        await harness.StartAsync();
        var id = harness.Person("m1");
        await harness.ChangedAsync(planner, id);
        await harness.IdleAsync();
        Assert.Equal((0, 1), (harness.Stores.Pending, harness.Stores.Planned));
        await harness.AdvanceAsync(TimeSpan.FromDays(20));
        harness.Source.Put("customer", id, ("status", "on"));
        await harness.ChangedAsync(planner, id);
        await harness.IdleAsync();
        Assert.Equal(1, harness.Stores.Planned);
        await harness.AdvanceAsync(TimeSpan.FromDays(15));
        Assert.Empty(harness.Target.All("Job"));
        await harness.RestartAsync();
        await harness.AdvanceAsync(TimeSpan.FromDays(15));
        Assert.Equal(["m1"], harness.Target.Field("Job", "Key"));
        harness.Source.Put("customer", id, ("status", "again"));
        await harness.ChangedAsync(planner, id);
        await harness.IdleAsync();
        Assert.Equal(1, harness.Stores.Planned);
        harness.Source.Put("customer", id, ("status", "off"));
        await harness.ChangedAsync(planner, id);
        await harness.IdleAsync();
        Assert.Equal(0, harness.Stores.Planned);
    }

    [Fact]
    public async Task What_is_planned_under_a_key_holds_up_nothing_of_that_key()
    {
        await using var harness = Bench.Harness();
        var flows = harness.Deploy(null, Planned, Total, Spread);
        await harness.StartAsync();
        await harness.ChangedAsync(flows[0], harness.Person("A"));
        await harness.IdleAsync();
        harness.Invoiced("A", "j", 5);
        await harness.ChangedAsync(flows[2], harness.Person("j"));
        await harness.IdleAsync();
        await harness.IdleAsync();
        Assert.Equal(["5"], harness.Target.Field("Job", "Total"));
        Assert.Equal(1, harness.Stores.Planned);
    }

    [Fact]
    public async Task A_flow_that_is_not_deployed_beside_pauses_the_one_that_starts_it_until_it_is()
    {
        await using var harness = Bench.Harness();
        var compiled = FlowText.Compile(harness, Planned, Total);
        var planner = harness.Deploy(compiled[0]);
        await harness.StartAsync();
        await harness.ChangedAsync(planner, harness.Person("m"));
        await harness.IdleAsync();
        Assert.Contains("not deployed beside", Assert.Single(harness.Stores.AllIncidents).Message, StringComparison.Ordinal);
        harness.Deploy(compiled[1]);
        await harness.DrainAsync(TimeSpan.FromMinutes(10));
        Assert.Equal((0, 1), (harness.Stores.Pending, harness.Stores.Planned));
    }
}
