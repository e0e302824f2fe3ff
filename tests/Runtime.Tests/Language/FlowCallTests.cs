using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class FlowCallTests
{
    private const string Total = """
        flow: total
        parameters: { factor: { type: integer, default: 2 } }
        input: { job: text }
        steps:
          - id: rows
            query: source/invoice
            where: { job: =input.job }
          - id: sum
            map: { total: '=money.multiply(money.sum(rows.map(r => r.total)), params.factor)' }
          - upsert: target/Line
            match: [[Key]]
            set: { Key: =input.job, Text: '=`${list.count(rows)} rows`' }
        output: { total: =sum.total, rows: =list.count(rows) }
        """;

    private const string Caller = """
        flow: caller
        trigger: { on: source/customer.changed, onlyWhenChanged: false }
        steps:
          - id: rows
            map: { jobs: '=input.name.split(",")' }
          - forEach: =rows.jobs
            as: job
            do:
              - id: sum
                flow: total
                with: { job: =job }
              - upsert: target/Job
                match: [[Key]]
                set: { Key: =job, Total: =sum.total, Count: =text.of(sum.rows), Note: =input.name }
        """;

    [Fact]
    public async Task A_called_flow_runs_inside_the_run_and_gives_its_output_and_names_do_not_meet()
    {
        await using var harness = Bench.Harness();
        var caller = harness.Deploy(new Dictionary<string, object?> { ["factor"] = 3L }, Caller, Total)[0];
        await harness.StartAsync();
        harness.Invoiced("1", "a", 1.10m);
        harness.Invoiced("2", "a", 2m);
        harness.Invoiced("3", "b", 5m);
        await harness.ChangedAsync(caller, harness.Person("a,b,c"));
        await harness.IdleAsync();
        Assert.Equal(["0", "15", "9.30"], harness.Target.Field("Job", "Total"));
        Assert.Equal(["0", "1", "2"], harness.Target.Field("Job", "Count"));
        Assert.Equal(["a,b,c", "a,b,c", "a,b,c"], harness.Target.Field("Job", "Note"));
        Assert.Equal(["0 rows", "1 rows", "2 rows"], harness.Target.Field("Line", "Text"));
        Assert.Single(harness.Stores.AllRuns);
    }

    [Fact]
    public async Task However_the_process_dies_inside_a_called_flow_the_run_goes_on_there()
    {
        for (var at = 1; at < 16; at++)
        {
            await using var harness = Bench.Harness();
            var reached = 0;
            var die = at;
            harness.Boundary = new At(() => { if (++reached == die) harness.Kill(); });
            var caller = harness.Deploy(new Dictionary<string, object?> { ["factor"] = 2L }, Caller, Total)[0];
            await harness.StartAsync();
            harness.Invoiced("1", "a", 1m);
            await harness.ChangedAsync(caller, harness.Person("a,b"));
            await harness.UntilDeadOrIdleAsync();
            die = 0;
            harness.Kill();
            await harness.StartAsync();
            await harness.DrainAsync(TimeSpan.FromHours(1));
            Assert.Equal(["0", "2"], harness.Target.Field("Job", "Total"));
            Assert.Equal(1, harness.Count(RunOutcome.Succeeded));
        }
    }

    [Fact]
    public async Task An_error_that_leaves_a_called_flow_is_an_error_of_the_step_that_called_it()
    {
        await using var harness = Bench.Harness();
        var caller = harness.Deploy(null, """
            flow: caller
            trigger: { on: source/customer.changed, onlyWhenChanged: false }
            steps:
              - id: made
                flow: risky
                with: { name: =input.name }
                onError: [{ code: FIELD_CUSTOM_VALIDATION_EXCEPTION, do: [{ create: target/Lead, once: { Ref: =input.id }, set: { Name: =error.message } }], then: continue }]
              - upsert: target/Job
                match: [[Key]]
                set: { Key: =input.id, Note: =made?.id ?? "none" }
            """, """
            flow: risky
            input: { name: text }
            steps:
              - forEach: '=[input.name, "second"]'
                as: each
                do:
                  - upsert: target/Line
                    match: [[Key]]
                    set: { Key: =each, Text: =each }
              - id: last
                lookup: target/Line
                where: { Key: second }
            output: { id: =last.id }
            """)[0];
        await harness.StartAsync();
        harness.Target.Refuses = (_, fields) => Equals(fields.GetValueOrDefault("Text"), "bad") ? "Bad words." : null;
        await harness.ChangedAsync(caller, harness.Person("bad"));
        await harness.IdleAsync();
        await harness.ChangedAsync(caller, harness.Person("good"));
        await harness.IdleAsync();
        Assert.Equal("Bad words.", Assert.Single(harness.Target.All("Lead"))["Name"]);
        Assert.Contains("none", harness.Target.Field("Job", "Note"));
        Assert.Equal(2, harness.Target.All("Job").Count);
        Assert.Equal(2, harness.Count(RunOutcome.Succeeded));
        Assert.Equal(["good", "second"], harness.Target.Field("Line", "Key"));
    }
}
