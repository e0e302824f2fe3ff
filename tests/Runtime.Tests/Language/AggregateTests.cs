using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class AggregateTests
{
    private const string Totals = """
        flow: totals
        trigger: { on: source/customer.changed, onlyWhenChanged: false }
        steps:
          - id: sums
            aggregate: source/invoice
            where: { job: =input.name }
            groupBy: [status]
            sum: { total: total }
            min: { least: total }
            max: { most: total }
          - forEach: =sums
            as: row
            do:
              - upsert: target/Job
                match: [[Key]]
                set: { Key: =row.status, Total: =row.total, Count: =text.of(row.count), Note: '=`${money.text(row.least)} to ${money.text(row.most)}`' }
        """;

    private const string One = """
        flow: one
        trigger: { on: source/customer.changed, onlyWhenChanged: false }
        steps:
          - id: sum
            aggregate: source/invoice
            where: { job: =input.email }
            sum: { total: total }
            max: { most: total }
          - upsert: target/Job
            match: [[Key]]
            set: { Key: =input.name, Total: '=sum[0].total', Count: '=text.of(sum[0].count)', Note: '=sum[0].most === null ? "none" : "some"' }
        """;

    [Fact]
    public async Task Records_are_grouped_and_money_is_summed_exactly()
    {
        await using var harness = Bench.Harness();
        var totals = harness.Deploy(null, Totals)[0];
        await harness.StartAsync();
        harness.Invoiced("1", "j", 0.10m);
        harness.Invoiced("2", "j", 0.20m);
        harness.Invoiced("3", "j", 9007199254740993.01m, "paid");
        harness.Invoiced("4", "other", 5m);
        await harness.ChangedAsync(totals, harness.Person("j"));
        await harness.IdleAsync();
        Assert.Equal(["open", "paid"], harness.Target.Field("Job", "Key"));
        Assert.Equal(["0.30", "9007199254740993.01"], harness.Target.Field("Job", "Total"));
        Assert.Equal(["1", "2"], harness.Target.Field("Job", "Count"));
        Assert.Contains("0.10 to 0.20", harness.Target.Field("Job", "Note"));
    }

    [Fact]
    public async Task Nothing_found_is_one_row_of_zero_also_when_the_value_asked_for_is_empty()
    {
        await using var harness = Bench.Harness();
        var one = harness.Deploy(null, One)[0];
        await harness.StartAsync();
        harness.Invoiced("1", "j", 7m);
        await harness.ChangedAsync(one, harness.Person("a", "nobody"));
        await harness.ChangedAsync(one, harness.Person("b"));
        await harness.ChangedAsync(one, harness.Person("c", "j"));
        await harness.IdleAsync();
        Assert.Equal(["0", "0", "7"], harness.Target.Field("Job", "Total"));
        Assert.Equal(["none", "none", "some"], harness.Target.Field("Job", "Note"));
    }

    [Fact]
    public async Task More_records_than_the_bound_fail_and_are_never_cut()
    {
        await using var harness = Bench.Harness();
        harness.Options = new RuntimeOptions { AggregateBound = 3 };
        var totals = harness.Deploy(null, Totals)[0];
        await harness.StartAsync();
        for (var i = 0; i < 4; i++) harness.Invoiced($"{i}", "j", 1m);
        await harness.ChangedAsync(totals, harness.Person("j"));
        await harness.IdleAsync();
        Assert.Equal("tooMany", Assert.Single(harness.Stores.AllLetters).Content.Code);
    }
}
