using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

public sealed class ReviewTests
{
    [Fact]
    public async Task Several_matches_wait_for_a_person_with_both_records_and_the_run_goes_on_with_the_one_chosen()
    {
        await using var harness = Shapes.Harness();
        var flow = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        var one = harness.Target.Put("Lead", null, ("Email", "ada@example.com"), ("Name", "One"));
        var two = harness.Target.Put("Lead", null, ("Email", "ada@example.com"), ("Name", "Two"));
        var person = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(flow, person);
        await harness.IdleAsync();
        var review = await OneAsync(harness);
        Assert.Equal((ReviewKind.Ambiguous, "lead", person), (review.Asked.Kind, review.Asked.Step, review.Asked.Key));
        Assert.Equal([one, two], ReviewBook.CandidatesOf(review.Asked));
        var content = (IReadOnlyDictionary<string, object?>)Payload.Decode(review.Asked.Content)!;
        Assert.Equal("Ada", ((IReadOnlyDictionary<string, object?>)content["wanted"]!)["Name"]);
        Assert.Equal(0, harness.Writes("Lead"));

        // What comes later of the same key waits behind it, also over a restart.
        harness.Source.Put("customer", person, ("name", "Ada L."));
        await harness.ChangedAsync(flow, person);
        await harness.RestartAsync();
        await harness.IdleAsync();
        Assert.Equal(0, harness.Writes("Lead"));
        Assert.Equal("The record must be one of the candidates.", (await DecideAsync(harness, review, ReviewDecision.Use, "nobody")).Problem);
        Assert.Null((await DecideAsync(harness, review, ReviewDecision.Use, two)).Problem);
        await harness.IdleAsync();
        await harness.IdleAsync();
        Assert.Equal((person, "Ada L."), (Lead(harness, two)["Ref"], Lead(harness, two)["Name"]));
        Assert.Equal("One", Lead(harness, one)["Name"]);
        Assert.Equal(2, harness.Count(RunOutcome.Succeeded));
        Assert.Empty(await harness.Runtime.Reviews.ListAsync(new ReviewFilter { Workspace = RuntimeHarness.Workspace }, default));
        Assert.NotNull((await DecideAsync(harness, review, ReviewDecision.Create, null)).Problem);
    }

    [Theory]
    [InlineData(ReviewDecision.Create, 3, RunOutcome.Succeeded)]
    [InlineData(ReviewDecision.Skip, 2, RunOutcome.Stopped)]
    public async Task None_of_them_is_a_new_record_and_left_is_none(ReviewDecision decision, int leads, RunOutcome outcome)
    {
        await using var harness = Shapes.Harness();
        var flow = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        harness.Target.Put("Lead", null, ("Email", "ada@example.com"), ("Name", "One"));
        harness.Target.Put("Lead", null, ("Email", "ada@example.com"), ("Name", "Two"));
        await harness.ChangedAsync(flow, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        await DecideAsync(harness, await OneAsync(harness), decision, null);
        await harness.IdleAsync();
        Assert.Equal(leads, harness.Target.All("Lead").Count);
        Assert.Equal(1, harness.Count(outcome));
    }

    [Fact]
    public async Task A_record_of_another_key_that_a_person_chooses_is_shared_and_keeps_its_key()
    {
        await using var harness = Shapes.Harness();
        var flow = harness.Deploy(Shapes.Leads(PlanOwned.Review));
        await harness.StartAsync();
        var lead = harness.Target.Put("Lead", null, ("Ref", "other"), ("Email", "ada@example.com"), ("Name", "One"));
        await harness.ChangedAsync(flow, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        var review = await OneAsync(harness);
        Assert.Equal(ReviewKind.Owned, review.Asked.Kind);
        await DecideAsync(harness, review, ReviewDecision.Use, lead);
        await harness.IdleAsync();
        Assert.Equal(("other", "Ada"), (Lead(harness, lead)["Ref"], Lead(harness, lead)["Name"]));
    }

    [Theory]
    [InlineData("Ref", ReviewDecision.Use)]
    [InlineData("Ref", ReviewDecision.Skip)]
    [InlineData("Ref", ReviewDecision.Create)]
    [InlineData("Key!", ReviewDecision.Use)]
    [InlineData("Key!", ReviewDecision.Create)]
    public async Task A_duplicate_that_the_vendor_refuses_and_the_rules_do_not_find_waits_for_a_person_who_chooses(string key, ReviewDecision decision)
    {
        await using var harness = Shapes.Harness();
        // By a unique key it goes straight to the vendor's upsert.
        var firm = FakeEntity.Describe("Firm", key, "TaxId!", "Name");
        harness.Target.Add(firm);
        key = key.TrimEnd('!');
        var flow = harness.Deploy(Shapes.Flow("firms").Upsert("firm", "target", firm, [key], [(key, "input.id"), ("TaxId", "input.email"), ("Name", "input.name")]).Build());
        await harness.StartAsync();
        var there = harness.Target.Put("Firm", null, ("TaxId", "tax 1"), ("Name", "By hand"));
        var person = harness.Person("Ada", "tax 1");
        await harness.ChangedAsync(flow, person);
        await harness.DrainAsync(TimeSpan.FromHours(1));
        var review = await OneAsync(harness);
        Assert.Equal((ReviewKind.Ambiguous, "firm", person), (review.Asked.Kind, review.Asked.Step, review.Asked.Key));
        Assert.Equal([there], ReviewBook.CandidatesOf(review.Asked));
        Assert.Contains("The vendor refuses a duplicate of Firm", review.Asked.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Stores.AllLetters);

        Assert.Null((await DecideAsync(harness, review, decision, decision == ReviewDecision.Use ? there : null)).Problem);
        await harness.DrainAsync(TimeSpan.FromHours(1));
        var after = Assert.Single(harness.Target.All("Firm"));
        Assert.Equal(decision == ReviewDecision.Use ? (person, "Ada") : (null, "By hand"), (after.GetValueOrDefault(key), after["Name"]));
        // A new one the vendor refuses all the same.
        Assert.Equal(decision == ReviewDecision.Create ? ["ambiguous"] : [], harness.Stores.AllLetters.Select(l => l.Content.Code));
        Assert.Equal(decision == ReviewDecision.Use ? 1 : 0, harness.Count(RunOutcome.Succeeded));
    }

    [Fact]
    public async Task A_decision_whose_waking_a_crash_cut_off_is_found_by_itself()
    {
        await using var harness = Shapes.Harness();
        var flow = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        var one = harness.Target.Put("Lead", null, ("Email", "ada@example.com"), ("Name", "One"));
        harness.Target.Put("Lead", null, ("Email", "ada@example.com"), ("Name", "Two"));
        await harness.ChangedAsync(flow, harness.Person("Ada", "ada@example.com"));
        await harness.IdleAsync();
        var review = await OneAsync(harness);
        await harness.Runtime.Commit.CommitAsync(
            CommitQueue.Settlement, new ChangeSet([new DecideReview(RuntimeHarness.Workspace, review.Asked.Id, ReviewDecision.Use, one, null, "kim", harness.Time.GetUtcNow())]));
        await harness.RestartAsync();
        await harness.DrainAsync(TimeSpan.FromDays(1));
        Assert.Equal("Ada", Lead(harness, one)["Name"]);
    }

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task A_flow_waits_for_a_yes_or_no_and_reads_the_comment(string release)
    {
        await using var harness = Bench.Harness();
        var flow = harness.Deploy(null, $$"""
            flow: asks
            trigger: { on: source/customer.changed, onlyWhenChanged: false }
            steps:
              - id: answer
                wait: { review: '=`Take ${input.name}?`' }
                releaseKey: {{release}}
              - upsert: target/Job
                match: [[Key]]
                set: { Key: =input.id, Note: '=`${answer.approved} ${answer.comment ?? "-"}`' }
            """)[0];
        await harness.StartAsync();
        await harness.ChangedAsync(flow, harness.Person("Ada"));
        await harness.ChangedAsync(flow, harness.Person("Bob"));
        await harness.IdleAsync();
        await harness.RestartAsync();
        await harness.IdleAsync();
        var open = await harness.Runtime.Reviews.ListAsync(new ReviewFilter { Workspace = RuntimeHarness.Workspace }, default);
        Assert.Equal(["Take Ada?", "Take Bob?"], open.Select(r => r.Asked.Message).Order());
        Assert.NotNull((await DecideAsync(harness, open[0], ReviewDecision.Use, null)).Problem);
        await harness.Runtime.Reviews.DecideAsync(RuntimeHarness.Workspace, open.Single(r => r.Asked.Message == "Take Ada?").Asked.Id, ReviewDecision.Approve, null, "by all means", "kim", default);
        await harness.Runtime.Reviews.DecideAsync(RuntimeHarness.Workspace, open.Single(r => r.Asked.Message == "Take Bob?").Asked.Id, ReviewDecision.Reject, null, null, "kim", default);
        await harness.IdleAsync();
        await harness.IdleAsync();
        Assert.Equal(["false -", "true by all means"], harness.Target.Field("Job", "Note"));
    }

    private static async Task<Review> OneAsync(RuntimeHarness harness)
    {
        var open = await harness.Runtime.Reviews.ListAsync(new ReviewFilter { Workspace = RuntimeHarness.Workspace }, default);
        return (await harness.Runtime.Reviews.FindAsync(RuntimeHarness.Workspace, Assert.Single(open).Asked.Id, default))!;
    }

    private static Task<ReviewAnswer> DecideAsync(RuntimeHarness harness, Review review, ReviewDecision decision, string? record) =>
        harness.Runtime.Reviews.DecideAsync(RuntimeHarness.Workspace, review.Asked.Id, decision, record, null, "kim", default);

    private static Dictionary<string, object?> Lead(RuntimeHarness harness, string id) => harness.Target.All("Lead").Single(l => (string)l["id"]! == id);
}
