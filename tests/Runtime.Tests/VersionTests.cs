using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Which of two readings of a record is the newer one.</summary>
public sealed class VersionTests
{
    private static readonly EntityDescriptor Stamped = FakeEntity.Describe("stamped", "name", "status", "changedOn") with { VersionField = "changedOn" };
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The vendor's time ends in digits that a shorter text of it leaves out.</summary>
    private static readonly DateTimeOffset Closed = Noon.AddMilliseconds(66);

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task A_look_by_one_trigger_does_not_pass_over_the_same_state_that_a_feed_brings_for_another(long ticks)
    {
        await using var harness = Shapes.Harness();
        harness.Source.Add(Stamped);
        var flow = harness.Deploy(new PlanBuilder("tickets").Connection("source").Connection("target").OnChanged("source", Stamped, t => On(t, "open")).OnChanged("source", Stamped, t => On(t, "closed"))
            .Upsert("account", "target", Shapes.Account, ["CustomerId"], [("CustomerId", "input.id"), ("Note", "input.status")]).Build());
        await harness.StartAsync();
        var changed = Closed.AddTicks(ticks);
        var id = harness.Source.Put("stamped", null, ("name", "A"), ("status", "closed"), ("changedOn", changed));
        await harness.ChangedAsync(flow, id);
        await harness.IdleAsync();
        Assert.Equal(1, harness.Count(RunOutcome.Filtered));

        var record = new Dictionary<string, object?> { ["id"] = id, ["name"] = "A", ["status"] = "closed", ["changedOn"] = changed };
        var active = harness.Runtime.Registry.Find(flow)!;
        var factory = new EventFactory(null!, harness.Time);
        foreach (var trigger in active.Flow.Triggers)
        {
            var row = new SourceRow { RecordId = id, Record = record, Version = RecordVersion.Of(changed) };
            await harness.Runtime.Intake.AppendAsync(factory.Change(active, trigger, row, id, record, CallPriority.Live));
        }

        await harness.IdleAsync();
        Assert.Equal("closed", Assert.Single(harness.Target.All("Account"))["Note"]);
        Assert.Equal((2, 1), (harness.Count(RunOutcome.Filtered), harness.Count(RunOutcome.Succeeded)));
    }

    [Fact]
    public void A_later_time_is_newer_to_the_last_digit()
    {
        DateTimeOffset[] times = [Noon, Noon.AddTicks(1), Closed, Closed.AddTicks(1), Closed.AddTicks(10), Noon.AddSeconds(1), Noon.AddHours(1)];

        foreach (var (older, newer) in times.Zip(times.Skip(1)))
        {
            Assert.True(RecordVersion.Compare(RecordVersion.Of(older), RecordVersion.Of(newer)) < 0, $"{older:O} is older than {newer:O}");
            Assert.True(RecordVersion.Compare(RecordVersion.Of(newer), RecordVersion.Of(older)) > 0, $"{newer:O} is newer than {older:O}");
        }

        Assert.Equal(0, RecordVersion.Compare(RecordVersion.Of(Noon), RecordVersion.Of(Noon.ToOffset(TimeSpan.FromHours(-7)))));
    }

    [Fact]
    public void A_time_that_an_earlier_program_kept_with_three_digits_passes_over_nothing_of_its_own_millisecond()
    {
        const string Kept = "2026-03-02T12:00:00.066Z";

        Assert.True(RecordVersion.Compare(RecordVersion.Of(Closed), Kept) > 0);
        Assert.True(RecordVersion.Compare(RecordVersion.Of(Closed.AddTicks(4)), Kept) > 0);
        Assert.True(RecordVersion.Compare(RecordVersion.Of(Closed.AddMilliseconds(-1)), Kept) < 0);
    }

    [Fact]
    public void A_higher_number_is_newer_whatever_its_length_and_what_is_not_known_is_older_than_all()
    {
        Assert.True(RecordVersion.Compare(RecordVersion.Of(9L), RecordVersion.Of(10L)) < 0);
        Assert.True(RecordVersion.Compare(RecordVersion.Of(null), RecordVersion.Of(0L)) < 0);
        Assert.Equal(0, RecordVersion.Compare(null, null));
        Assert.Null(RecordVersion.Of(new Dictionary<string, object?>()));
    }

    private static PlanTrigger On(PlanTrigger trigger, string status) => trigger with
    {
        Id = status,
        Event = trigger.Event! with { Name = status, When = new FieldCondition("status", Comparison.In, [status]) },
    };
}
