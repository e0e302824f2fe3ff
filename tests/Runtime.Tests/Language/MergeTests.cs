using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class MergeTests
{
    private const string Flow = """
        flow: merges
        input: { keep: text, remove: { list: text } }
        trigger: { webhook: merges, with: =trigger }
        key: =input.keep
        steps:
          - id: done
            merge: target/Job
            keep: =input.keep
            remove: =input.remove
            survivorship:
              Note: longest
              Count: filled
              Total: '=money.sum(records.map(r => r.Total))'
          - create: target/Lead
            once: { Ref: =run.id }
            set: { Name: '=`${done.id} ${done.merged}`' }
        """;

    [Fact]
    public async Task Records_go_up_in_the_survivor_with_the_fields_the_rules_choose()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow)[0];
        await harness.StartAsync();
        var (keep, a, b) = Three(harness);
        var child = harness.Target.Put("Line", null, ("Key", "c"), ("Parent", b));
        await PostAsync(harness, flow, keep, a, b, keep);
        await harness.IdleAsync();
        var left = Assert.Single(harness.Target.All("Job"));
        Assert.Equal((keep, "the longest note", "3", 6.5m), (left["id"], left["Note"], left["Count"], left["Total"]));
        Assert.Equal(keep, harness.Target.All("Line").Single(l => (string)l["id"]! == child)["Parent"]);
        Assert.Equal($"{keep} true", Assert.Single(harness.Target.All("Lead"))["Name"]);
    }

    [Fact]
    public async Task What_is_merged_already_is_merged_no_more()
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, Flow)[0];
        await harness.StartAsync();
        var (keep, a, b) = Three(harness);
        await PostAsync(harness, flow, keep, a, b);
        await harness.IdleAsync();
        await PostAsync(harness, flow, keep, a, b);
        await harness.IdleAsync();
        Assert.Equal([$"{keep} false", $"{keep} true"], harness.Target.Field("Lead", "Name"));
        Assert.Equal(2, harness.Target.Calls.Count(c => c.What == "merge"));
    }

    [Fact]
    public async Task However_the_process_dies_or_an_answer_is_lost_the_end_is_the_same()
    {
        for (var at = 1; at < 14; at++)
        {
            await using var harness = Bench.Harness();
            var reached = 0;
            var die = at;
            harness.Boundary = new At(() => { if (++reached == die) harness.Kill(); });
            var flow = harness.Deploy(null, Flow)[0];
            await harness.StartAsync();
            var (keep, a, b) = Three(harness);
            harness.Target.Faults = (what, _) => what == "merge" && die % 2 == 0 ? FakeFault.LostAnswer : FakeFault.None;
            await PostAsync(harness, flow, keep, a, b);
            await harness.UntilDeadOrIdleAsync();
            die = 0;
            harness.Kill();
            harness.Target.Faults = null;
            await harness.StartAsync();
            await harness.DrainAsync(TimeSpan.FromHours(2));
            var left = Assert.Single(harness.Target.All("Job"));
            Assert.Equal(("the longest note", 6.5m), (left["Note"], left["Total"]));
            Assert.Equal(1, harness.Count(RunOutcome.Succeeded));
        }
    }

    [Fact]
    public async Task Who_looks_for_a_record_that_went_up_finds_the_survivor_before_the_vendor_shows_it()
    {
        await using var harness = Bench.Harness();
        harness.Settle = TimeSpan.FromMinutes(10);
        var flows = harness.Deploy(null, """
            flow: leads
            trigger: { on: source/customer.changed, onlyWhenChanged: false }
            steps:
              - upsert: target/Lead
                match: [[Ref]]
                set: { Ref: =input.id, Name: =input.name }
            """, """
            flow: joins
            input: { keep: text, remove: text }
            trigger: { webhook: joins, with: =trigger }
            key: joins
            steps: [{ merge: target/Lead, keep: =input.keep, remove: =input.remove }]
            """);
        await harness.StartAsync();
        harness.Target.Lateness = TimeSpan.FromMinutes(5);
        var person = harness.Person("Ada");
        await harness.ChangedAsync(flows[0], person);
        await harness.IdleAsync();
        var made = (string)Assert.Single(harness.Target.All("Lead"))["id"]!;
        var survivor = harness.Target.Put("Lead", null, ("Ref", "by hand"), ("Name", "Ada"));
        await harness.PostAsync(flows[1], ("keep", survivor), ("remove", made));
        await harness.IdleAsync();
        harness.Source.Put("customer", person, ("name", "Ada L."));
        await harness.ChangedAsync(flows[0], person);
        await harness.IdleAsync();
        var lead = Assert.Single(harness.Target.All("Lead"));
        Assert.Equal((survivor, "Ada L."), (lead["id"], lead["Name"]));
    }

    private static (string Keep, string A, string B) Three(RuntimeHarness harness) => (
        harness.Target.Put("Job", null, ("Key", "1"), ("Note", "short"), ("Count", null), ("Total", 1m)),
        harness.Target.Put("Job", null, ("Key", "2"), ("Note", "the longest note"), ("Count", "3"), ("Total", 2.25m)),
        harness.Target.Put("Job", null, ("Key", "3"), ("Note", null), ("Count", "4"), ("Total", 3.25m)));

    private static Task PostAsync(RuntimeHarness harness, DeploymentRef flow, string keep, params string[] remove) =>
        harness.PostAsync(flow, ("keep", keep), ("remove", remove.Cast<object?>().ToList()));
}
