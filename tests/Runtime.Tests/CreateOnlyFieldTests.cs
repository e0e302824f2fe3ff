using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Fields that only a create may set, in an upsert by a key that the vendor keeps unique: it refuses them once the record is there, as if the deployment were wrong.</summary>
public sealed class CreateOnlyFieldTests
{
    private static readonly EntityDescriptor Member = FakeEntity.Describe("Member", "Key!", "Campaign^", "Person^", "Status");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_create_whose_answer_was_lost_is_known_by_its_record_and_pauses_nothing(bool died)
    {
        await using var harness = Shapes.Harness();
        harness.Target.Add(Member);
        var deployment = harness.Deploy(Enrols());
        await harness.StartAsync();
        var person = harness.Person("Ada", "gold");
        if (died) harness.Boundary = new DiesOnce(EffectMoment.AfterAnswer, harness.Kill);
        else harness.Target.Faults = (what, _) => what == "upsert" && harness.Target.Calls.Count(c => c.What == "upsert") == 1 ? FakeFault.LostAnswer : FakeFault.None;
        if (died) await harness.RestartAsync();
        await harness.ChangedAsync(deployment, person);
        if (died) await DiedAsync((DiesOnce)harness.Boundary, harness);
        await harness.DrainAsync(TimeSpan.FromHours(1));
        await harness.StoredAsync();

        Assert.Equal("Member", Assert.Single(harness.Target.All("Member"))["Status"]);
        Assert.Equal(("created", 1), (Assert.Single(harness.Stores.AllEffects).Verb, harness.Count(RunOutcome.Succeeded)));
        Assert.Empty(harness.Stores.AllIncidents);
        Assert.Empty(harness.Runtime.Pauses);
    }

    [Fact]
    public async Task So_are_those_of_a_call_of_several_rows_that_went_again_in_smaller_calls()
    {
        await using var harness = Shapes.Harness();
        harness.Target.Add(Member);
        var deployment = harness.Deploy(Enrols());
        await harness.StartAsync();
        harness.Target.Faults = (what, _) => what == "upsert" && harness.Target.Calls.Count(c => c.What == "upsert") == 1 ? FakeFault.LostAnswer : FakeFault.None;
        var people = Enumerable.Range(0, 3).Select(i => harness.Person($"P{i}", "gold")).ToArray();
        await Task.WhenAll(people.Select(p => harness.ChangedAsync(deployment, p)));
        await harness.DrainAsync(TimeSpan.FromHours(1));
        await harness.StoredAsync();

        Assert.Equal(3, harness.Target.All("Member").Count);
        Assert.Equal(["created", "created", "created"], harness.Stores.AllEffects.Select(e => e.Verb));
        Assert.Empty(harness.Stores.AllIncidents);
    }

    [Fact]
    public async Task A_record_that_another_has_created_meanwhile_is_matched_again_and_pauses_nothing()
    {
        await using var harness = Shapes.Harness();
        harness.Target.Add(Member);
        var deployment = harness.Deploy(Enrols());
        await harness.StartAsync();
        var person = harness.Person("Ada", "gold");
        harness.Target.Before = (what, _) =>
        {
            if (what == "upsert" && harness.Target.All("Member").Count == 0) harness.Target.Put("Member", null, ("Key", $"gold/{person}"), ("Campaign", "gold"), ("Person", person), ("Status", "by hand"));
            return Task.CompletedTask;
        };
        await harness.ChangedAsync(deployment, person);
        await harness.DrainAsync(TimeSpan.FromHours(1));
        await harness.StoredAsync();

        Assert.Equal("Member", Assert.Single(harness.Target.All("Member"))["Status"]);
        Assert.Equal(("updated", 1), (Assert.Single(harness.Stores.AllEffects).Verb, harness.Count(RunOutcome.Succeeded)));
        Assert.Empty(harness.Stores.AllIncidents);
    }

    [Fact]
    public async Task What_is_refused_though_no_record_is_there_is_still_a_mistake_of_the_deployment()
    {
        await using var harness = Shapes.Harness();
        harness.Target.Add(Member);
        var deployment = harness.Deploy(Enrols());
        await harness.StartAsync();
        harness.Target.Faults = (what, _) => what == "upsert" ? FakeFault.Misconfigured : FakeFault.None;
        await harness.ChangedAsync(deployment, harness.Person("Ada", "gold"));
        await harness.IdleAsync();
        await harness.StoredAsync();
        Assert.Single(harness.Stores.AllIncidents);
    }

    private static async Task DiedAsync(DiesOnce boundary, RuntimeHarness harness)
    {
        await boundary.Died.WaitAsync(TimeSpan.FromSeconds(20));
        harness.Boundary = NoBoundary.Instance;
        await harness.RestartAsync();
    }

    private static CompiledFlow Enrols() => Shapes.Flow("enrols").Upsert(
        "member", "target", Member, ["Key", "Campaign+Person"],
        [("Key", "`${input.email}/${input.id}`"), ("Campaign", "input.email"), ("Person", "input.id"), ("Status", "'Member'")],
        u => u with { Set = [.. u.Set.Where(l => l.Field.Updatable)], SetOnCreate = [.. u.Set.Where(l => !l.Field.Updatable)] }).Build();

    /// <summary>The process dies at the first such moment.</summary>
    private sealed class DiesOnce(EffectMoment at, Action kill) : IEffectBoundary
    {
        private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Died => _died.Task;

        public void Reached(EffectMoment moment, string run, string step)
        {
            if (moment != at || _died.Task.IsCompleted) return;
            kill();
            _died.TrySetResult();
        }
    }
}
