using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

public abstract class InboxContract : StoreContract
{
    [Fact]
    public async Task Accepted_events_are_ready_oldest_of_each_key_first()
    {
        var ids = await AcceptAsync(Event("a"), Event("b"), Event("a"));
        var ready = await ReadyAsync();
        Assert.Equal([ids[0], ids[1]], ready.Select(item => item.Id));
        Assert.Equal([2, 1], ready.Select(item => item.Waiting));
        Assert.Equal(Key("a"), ready[0].Key);
    }

    [Fact]
    public async Task Everything_of_an_event_comes_back()
    {
        var item = Change("rec-1", "h1") with
        {
            Version = "2026-03-01T11:00:00Z", Full = false, Priority = CallPriority.Backfill, ReplayOf = 77, Checkpoint = [1, 2, 3], Payload = [9, 8, 7],
        };
        var id = (await AcceptAsync(item))[0];
        var ready = Assert.Single(await ReadyAsync());
        Assert.Equal(
            new ReadyEvent
            {
                Id = id, Key = Key("rec-1"), Lane = item.Lane, Trigger = "changed", Kind = EventKind.Change, Entity = "Customer", RecordId = "rec-1",
                Version = "2026-03-01T11:00:00Z", Priority = CallPriority.Backfill, Attempt = 0, Deaths = 0, ReceivedAt = Noon, Full = false, ReplayOf = 77, Waiting = 1,
            },
            ready);
        var work = Assert.Single(await Stores.Inbox.ReadWorkAsync([id], None));
        Assert.Equal([9, 8, 7], work.Payload);
        Assert.Equal([1, 2, 3], work.Checkpoint!);
    }

    [Fact]
    public async Task Every_wait_of_one_deployment_ends_at_once_and_no_other()
    {
        var ids = await AcceptAsync(Event("a"), Event("b"));
        var other = new DeploymentRef(Deployment.Workspace, new Guid("22222222-2222-2222-2222-222222222222"));
        var elsewhere = (await AcceptAsync(Event("a") with { Deployment = other }))[0];
        await CommitAsync(new DelayEvent(Key("a"), ids[0], Noon.AddHours(2), 1, "waits"), new DelayEvent(new EventKey(other, "a"), elsewhere, Noon.AddHours(3), 1, "waits"));
        await CommitAsync(new PlanEvent(Event("c"), "later", Noon.AddDays(1)), new PlanEvent(Event("c") with { Deployment = other }, "later", Noon.AddDays(2)));

        Assert.Equal(3, await Stores.Inbox.WakeAllAsync(Deployment, AllLanes, Noon, None));
        Assert.Equal(1, await Stores.Inbox.WakeAllAsync(Deployment, [Event("a").Lane], Noon, None));
        Assert.Equal(ids, (await ReadyIdsAsync()).Order());
        Assert.Equal((1, Noon.AddHours(3)), await Stores.Inbox.WakeDueAsync(Noon, None));
        Assert.Equal(["a", "b", "c"], (await ReadyAsync()).Select(item => item.Key.Key).Order());
        Assert.Equal((1, Noon.AddDays(2)), await Stores.Inbox.WakeDueAsync(Noon.AddHours(3), None));
    }

    [Fact]
    public async Task Work_comes_in_the_order_asked_and_leaves_out_what_is_gone()
    {
        var ids = await AcceptAsync(Event("a", "one"), Event("b", "two"), Event("c", "three"));
        await CommitAsync(new SettleEvent(Key("b"), ids[1], []));
        var work = await Stores.Inbox.ReadWorkAsync([ids[2], ids[1], ids[0]], None);
        Assert.Equal(["three", "one"], work.Select(item => System.Text.Encoding.UTF8.GetString(item.Payload)));
    }

    [Fact]
    public async Task Settling_an_event_brings_the_next_one_of_its_key()
    {
        var ids = await AcceptAsync(Event("a"), Event("a"), Event("a"));
        await CommitAsync(new SettleEvent(Key("a"), ids[0], []));
        Assert.Equal([ids[1]], await ReadyIdsAsync());
        await CommitAsync(new SettleEvent(Key("a"), ids[2], [ids[1]]));
        Assert.Empty(await ReadyIdsAsync());
        Assert.Empty(await Stores.Inbox.ReadWorkAsync(ids, None));
    }

    [Fact]
    public async Task A_delayed_event_keeps_its_key_waiting_until_it_is_settled()
    {
        var ids = await AcceptAsync(Event("a"), Event("a"), Event("b"));
        await CommitAsync(new DelayEvent(Key("a"), ids[0], Noon.AddMinutes(5), 1, "row lock"));
        Assert.Equal([ids[2]], await ReadyIdsAsync());
        Assert.Empty(await Stores.Inbox.ReadWaitingAsync(Key("a"), None));

        var later = await AcceptAsync(Event("a"));
        Assert.Equal([ids[2]], await ReadyIdsAsync());
        Assert.Equal([new BacklogCount(Deployment, 1, 2, 1)], await Stores.Inbox.CountAsync(None));

        Assert.Equal((0, Noon.AddMinutes(5)), await Stores.Inbox.WakeDueAsync(Noon.AddMinutes(4), None));
        Assert.Equal((1, null), await Stores.Inbox.WakeDueAsync(Noon.AddMinutes(5), None));
        Assert.Equal([ids[0], ids[2]], await ReadyIdsAsync());
        var line = await Stores.Inbox.ReadWaitingAsync(Key("a"), None);
        Assert.Equal([(ids[0], 1, true), (ids[1], 0, false), (later[0], 0, false)], line.Select(item => (item.Id, item.Attempt, item.Holds)));

        await CommitAsync(new SettleEvent(Key("a"), ids[0], []));
        Assert.Equal([ids[1], later[0]], (await Stores.Inbox.ReadWaitingAsync(Key("a"), None)).Select(item => item.Id));
    }

    [Fact]
    public async Task A_delayed_winner_goes_on_before_the_older_rows_it_would_supersede()
    {
        var ids = await AcceptAsync(Event("a"), Event("a"), Event("a"));
        await CommitAsync(new SaveCheckpoint(Key("a"), ids[2], [5]), new DelayEvent(Key("a"), ids[2], Noon.AddMinutes(1), 1, "waits"));
        Assert.Empty(await ReadyIdsAsync());
        await Stores.Inbox.WakeDueAsync(Noon.AddMinutes(1), None);
        Assert.Equal([(ids[2], 3, true)], (await ReadyAsync()).Select(item => (item.Id, item.Waiting, item.Holds)));
        Assert.Equal(ids, (await Stores.Inbox.ReadWaitingAsync(Key("a"), None)).Select(item => item.Id));
        await CommitAsync(new SettleEvent(Key("a"), ids[2], [ids[0], ids[1]]));
        Assert.Equal([], await Stores.Inbox.CountAsync(None));
    }

    [Fact]
    public async Task A_checkpointed_event_goes_on_first_after_a_crash()
    {
        var ids = await AcceptAsync(Event("a"), Event("a"));
        await CommitAsync(new SaveCheckpoint(Key("a"), ids[1], [1]));
        await CommitAsync(new SaveCheckpoint(Key("a"), ids[1], [2]));
        await AcceptAsync(Event("a"));
        await Fixture.CrashAsync();
        Assert.Equal([ids[1]], await ReadyIdsAsync());
        Assert.Equal([2], (await Stores.Inbox.ReadWorkAsync([ids[1]], None)).Single().Checkpoint!);
        await CommitAsync(new SettleEvent(Key("a"), ids[1], []));
        Assert.Equal([ids[0]], await ReadyIdsAsync());
    }

    [Fact]
    public async Task An_event_due_later_waits_and_what_comes_after_it_waits_with_it()
    {
        var first = await AcceptAsync(Event("a"));
        var later = await AcceptAsync(Event("a") with { DueAt = Noon.AddMinutes(10) }, Event("a"));
        Assert.Equal(first, await ReadyIdsAsync());
        await CommitAsync(new SettleEvent(Key("a"), first[0], []));
        Assert.Empty(await ReadyIdsAsync());
        Assert.Equal([new BacklogCount(Deployment, 0, 1, 1)], await Stores.Inbox.CountAsync(None));
        Assert.Equal((1, null), await Stores.Inbox.WakeDueAsync(Noon.AddMinutes(10), None));
        Assert.Equal([later[0]], await ReadyIdsAsync());
        await CommitAsync(new SettleEvent(Key("a"), later[0], []));
        Assert.Equal([later[1]], await ReadyIdsAsync());
    }

    [Fact]
    public async Task Two_triggers_of_one_record_each_get_its_change()
    {
        var both = (await CommitAsync(new AppendEvents([Change("r", "A"), Change("r", "A") with { Trigger = "second" }]))).EventIds;
        Assert.All(both, id => Assert.NotNull(id));
    }

    [Fact]
    public async Task A_wait_can_end_early()
    {
        var ids = await AcceptAsync(Event("a"), Event("b"));
        await CommitAsync(new DelayEvent(Key("a"), ids[0], Noon.AddDays(1), 1, "claim of another run"));
        await Stores.Inbox.WakeAsync([ids[0], ids[1], 999], None);
        Assert.Equal(ids, await ReadyIdsAsync());
        Assert.Equal((0, null), await Stores.Inbox.WakeDueAsync(Noon.AddDays(2), None));
    }

    [Fact]
    public async Task Keys_in_flight_are_left_out_and_do_not_use_up_the_limit()
    {
        var ids = await AcceptAsync([.. Enumerable.Range(0, 300).Select(i => Event($"k{i}"))]);
        var inFlight = new InFlight(Enumerable.Range(0, 250).Select(i => $"k{i}").ToHashSet(), ids[..250].ToHashSet());
        Assert.Equal(ids[250..260], await ReadyIdsAsync(inFlight, 10));
        Assert.Equal(ids[250..], await ReadyIdsAsync(inFlight, 200));
    }

    [Fact]
    public async Task A_later_event_of_a_key_in_flight_is_left_out_and_those_behind_it_are_found()
    {
        var ids = await AcceptAsync([.. Enumerable.Range(0, 40).Select(i => Event($"k{i % 20}")), Event("last")]);
        var inFlight = new InFlight(Enumerable.Range(0, 20).Select(i => $"k{i}").ToHashSet(), ids[..20].ToHashSet());
        Assert.Equal([ids[40]], await ReadyIdsAsync(inFlight, 3));
    }

    [Fact]
    public async Task Only_the_lanes_asked_for_are_read()
    {
        var events = Enumerable.Range(0, 200).Select(i => Event($"k{i}")).ToArray();
        await AcceptAsync(events);
        int[] lanes = [3, 5, 8];
        var ready = await Stores.Inbox.ReadReadyAsync(Deployment, lanes, InFlight.None, 500, None);
        Assert.Equal(events.Count(item => lanes.Contains(item.Lane)), ready.Count);
        Assert.All(ready, item => Assert.Contains(item.Lane, lanes));
        Assert.NotEmpty(ready);
    }

    [Fact]
    public async Task A_key_inherits_the_highest_priority_that_waits_in_it()
    {
        var backfill = Event("x") with { Priority = CallPriority.Backfill };
        var ids = await AcceptAsync(backfill, Event("y") with { Priority = CallPriority.Backfill });
        var live = await AcceptAsync(Event("y"), Event("z"));
        var ready = await ReadyAsync();
        Assert.Equal([ids[1], live[1], ids[0]], ready.Select(item => item.Id));
        Assert.Equal([CallPriority.Live, CallPriority.Live, CallPriority.Backfill], ready.Select(item => item.Priority));
    }

    [Fact]
    public async Task Unclean_deaths_are_counted_for_what_was_in_flight_and_clean_ends_are_not()
    {
        var ids = await AcceptAsync(Event("a"), Event("b"), Event("c"));
        await CommitAsync(new MarkClaimed([ids[0], ids[1]]));
        await CommitAsync(new DelayEvent(Key("b"), ids[1], Noon, 1, "parked, so not in flight"));
        await Fixture.CrashAsync();
        Assert.Equal(1, await Stores.Inbox.RecoverAsync(AllLanes, None));
        Assert.Equal(0, await Stores.Inbox.RecoverAsync(AllLanes, None));
        Assert.Equal([1, 0], (await ReadyAsync()).Select(item => item.Deaths));

        await CommitAsync(new MarkClaimed([ids[0]]));
        await Fixture.RestartAsync();
        Assert.Equal(0, await Stores.Inbox.RecoverAsync(AllLanes, None));
    }

    [Fact]
    public async Task An_event_that_waited_for_another_run_or_a_job_is_ready_after_a_start_and_one_that_waits_for_a_time_is_not()
    {
        var ids = await AcceptAsync(Event("a"), Event("b"), Event("c"));
        await CommitAsync(new DelayEvent(Key("c"), ids[2], Noon.AddHours(1), 1, DelayEvent.ForJob));
        await CommitAsync(new DelayEvent(Key("a"), ids[0], Noon.AddHours(1), 1, DelayEvent.ForAnotherRun));
        await CommitAsync(new DelayEvent(Key("b"), ids[1], Noon.AddHours(1), 1, "retry"));
        Assert.Empty(await ReadyAsync());
        await Fixture.CrashAsync();
        Assert.Equal(0, await Stores.Inbox.RecoverAsync(AllLanes, None));
        Assert.Equal([ids[0], ids[2]], (await ReadyAsync()).Select(item => item.Id));
    }

    [Fact]
    public async Task The_third_state_of_a_record_that_went_there_and_back_is_kept()
    {
        Assert.NotNull((await CommitAsync(new AppendEvents([Change("r", "A")]))).EventIds[0]);
        Assert.Null((await CommitAsync(new AppendEvents([Change("r", "A")]))).EventIds[0]);
        var both = await CommitAllAsync(Set(new AppendEvents([Change("r", "B"), Change("r", "B")])), Set(new AppendEvents([Change("r", "A"), Change("s", "A")])));
        Assert.NotNull(both[0].EventIds[0]);
        Assert.Null(both[0].EventIds[1]);
        Assert.All(both[1].EventIds, id => Assert.NotNull(id));
        await Fixture.CrashAsync();
        Assert.Null((await CommitAsync(new AppendEvents([Change("r", "A")]))).EventIds[0]);
    }

    [Fact]
    public async Task A_delivery_counts_once_in_seven_days()
    {
        Assert.NotNull((await CommitAsync(new AppendEvents([Delivery("d")]))).EventIds[0]);
        Assert.Equal([null], (await CommitAsync(new AppendEvents([Delivery("d")]))).EventIds);
        var week = Noon.AddDays(7);
        Assert.Null((await CommitAsync(new AppendEvents([Delivery("d") with { ReceivedAt = week.AddSeconds(-1) }]))).EventIds[0]);
        Assert.NotNull((await CommitAsync(new AppendEvents([Delivery("d") with { ReceivedAt = week }]))).EventIds[0]);
        Assert.Null((await CommitAsync(new AppendEvents([Delivery("d") with { ReceivedAt = week.AddDays(1) }]))).EventIds[0]);
    }

    [Fact]
    public async Task A_replay_with_an_id_counts_once_and_one_without_always()
    {
        var replay = Event("k") with { Kind = EventKind.Replay };
        var both = await CommitAllAsync(Set(new AppendEvents([replay with { DeliveryId = "letter 1" }])), Set(new AppendEvents([replay with { DeliveryId = "letter 1" }])));
        Assert.Single(both, r => r.EventIds[0] is not null);
        Assert.NotNull((await CommitAsync(new AppendEvents([replay with { DeliveryId = "letter 2" }]))).EventIds[0]);
        for (var i = 0; i < 2; i++) Assert.NotNull((await CommitAsync(new AppendEvents([replay]))).EventIds[0]);
    }

    [Fact]
    public async Task Deliveries_and_ended_links_are_forgotten_when_they_can_no_longer_matter()
    {
        var link = new LinkKey("default", "org", "Contact", "Email", "mail");
        await CommitAsync(new AppendEvents([Delivery("old")]), new LinkRecord([new LinkEnd(link, Noon), new LinkEnd(link with { Kind = "Id" }, null)], "001"));
        Assert.Equal(1, await Fixture.CountAsync("delivery"));
        Assert.Equal(2, await Fixture.CountAsync("link"));
        await AcceptAsync(Delivery("new") with { ReceivedAt = Noon.AddDays(8) });
        Assert.Equal(1, await Fixture.CountAsync("delivery"));
        Assert.Equal(1, await Fixture.CountAsync("link"));
    }

    [Fact]
    public async Task Hints_of_two_feeds_at_one_record_are_each_compared_with_their_own()
    {
        NewEvent Hint(string feed, string content) => Change("r", "A") with { ContentHash = $"{NewEvent.Hint}{feed} {content}" };
        var ids = (await CommitAsync(new AppendEvents([Hint("customers", "1"), Hint("lines", "1"), Hint("customers", "1"), Hint("lines", "1"), Hint("lines", "2"), Hint("customers", "1")]))).EventIds;
        Assert.Equal([true, true, false, false, true, false], ids.Select(id => id is not null));
    }

    [Fact]
    public async Task Replays_and_manual_starts_are_never_the_same_event()
    {
        var replay = Change("r", "A") with { Kind = EventKind.Replay };
        var ids = (await CommitAsync(new AppendEvents([Change("r", "A"), replay, replay, Event("m"), Event("m")]))).EventIds;
        Assert.All(ids, id => Assert.NotNull(id));
        Assert.Equal(5, ids.Distinct().Count());
    }

    [Fact]
    public async Task Ids_are_never_given_twice()
    {
        var first = await AcceptAsync(Event("a"));
        await CommitAsync(new SettleEvent(Key("a"), first[0], []));
        await Fixture.RestartAsync();
        Assert.True((await AcceptAsync(Event("a")))[0] > first[0]);
    }

    [Fact]
    public async Task Hostile_keys_and_payloads_are_kept()
    {
        string[] names = ["'; DROP TABLE event; --", "a\0b", "\uD800", "ключ 🔑", new string('x', 2000), ""];
        var ids = await AcceptAsync([.. names.Select(name => Event(name, name))]);
        var ready = await ReadyAsync();
        Assert.Equal(ids, ready.Select(item => item.Id));
        Assert.Equal(names[0], ready[0].Key.Key);
        foreach (var item in ready) await CommitAsync(new SettleEvent(item.Key, item.Id, []));
        Assert.Empty(await ReadyIdsAsync());
    }

    [Fact]
    public async Task Workspaces_do_not_touch_each_other()
    {
        var mine = await AcceptAsync(Event("a"), Event("a"));
        var theirs = await AcceptAsync(Event("a", "theirs", Other));
        await CommitAsync(new SettleEvent(Key("a", Other), mine[0], []), new DelayEvent(Key("a", Other), mine[1], Noon, 1, "foreign"));
        Assert.Equal([mine[0]], await ReadyIdsAsync());
        Assert.Equal(theirs, (await ReadyAsync(Other)).Select(item => item.Id));
        Assert.Equal([new BacklogCount(Deployment, 2, 0, 0), new BacklogCount(Other, 1, 0, 0)], await Stores.Inbox.CountAsync(None));
    }

    [Fact]
    public async Task A_planned_event_is_no_event_until_it_is_due_and_comes_back_whole()
    {
        var item = Change("rec-1", "h1") with { Version = "v7", Full = false, Priority = CallPriority.Backfill, ReplayOf = 3, Checkpoint = [1, 2], Payload = [9, 8] };
        await CommitAsync(new PlanEvent(item, "p", Noon.AddDays(40)));
        Assert.Empty(await ReadyAsync());
        Assert.Equal((0, Noon.AddDays(40)), await Stores.Inbox.WakeDueAsync(Noon.AddDays(39), None));
        await Fixture.CrashAsync();
        Assert.Equal((1, null), await Stores.Inbox.WakeDueAsync(Noon.AddDays(40), None));
        var ready = Assert.Single(await ReadyAsync());
        Assert.Equal(
            (Key("rec-1"), "changed", EventKind.Change, "Customer", "rec-1", "v7", CallPriority.Backfill, false, 3L),
            (ready.Key, ready.Trigger, ready.Kind, ready.Entity, ready.RecordId, ready.Version, ready.Priority, ready.Full, ready.ReplayOf));
        var work = Assert.Single(await Stores.Inbox.ReadWorkAsync([ready.Id], None));
        Assert.Equal([9, 8], work.Payload);
        Assert.Equal([1, 2], work.Checkpoint!);
        Assert.Equal((0, null), await Stores.Inbox.WakeDueAsync(Noon.AddDays(41), None));
    }

    [Fact]
    public async Task A_planned_event_is_replaced_by_its_key_and_name_and_taken_back()
    {
        await CommitAsync(new PlanEvent(Event("a", "first"), "p", Noon.AddHours(1)), new PlanEvent(Event("a", "other"), "q", Noon.AddHours(1)), new PlanEvent(Event("b"), "p", Noon.AddHours(1)));
        await CommitAsync(new PlanEvent(Event("a", "second"), "p", Noon.AddHours(2)), new CancelPlanned(Key("b"), "p"), new CancelPlanned(Key("c"), "p"));
        Assert.Equal((1, Noon.AddHours(2)), await Stores.Inbox.WakeDueAsync(Noon.AddHours(1), None));
        Assert.Equal((1, null), await Stores.Inbox.WakeDueAsync(Noon.AddHours(2), None));
        var ready = await ReadyAsync();
        Assert.Equal(2, Assert.Single(ready).Waiting);
        var first = await Stores.Inbox.ReadWorkAsync([ready[0].Id], None);
        Assert.Equal("other", System.Text.Encoding.UTF8.GetString(first[0].Payload));
        await CommitAsync(new SettleEvent(Key("a"), ready[0].Id, []));
        var second = await Stores.Inbox.ReadWorkAsync(await ReadyIdsAsync(), None);
        Assert.Equal("second", System.Text.Encoding.UTF8.GetString(Assert.Single(second).Payload));
    }

    [Fact]
    public async Task Planned_events_are_encrypted_and_never_seen_by_another_workspace()
    {
        await CommitAsync(new PlanEvent(Event("a", "a secret payload"), "p", Noon), new PlanEvent(Event("a", "of another", Other), "p", Noon));
        Assert.DoesNotContain("secret payload", await Fixture.RawTextAsync(), StringComparison.Ordinal);
        await Stores.Inbox.WakeDueAsync(Noon, None);
        Assert.Single(await ReadyAsync());
        Assert.Single(await ReadyAsync(Other));
    }

    [Fact]
    public async Task An_event_of_a_trigger_is_pending_until_it_is_settled()
    {
        var id = (await AcceptAsync(Event("a")))[0];
        Assert.True(await Stores.Inbox.IsPendingAsync(Deployment, "changed", None));
        Assert.False(await Stores.Inbox.IsPendingAsync(Deployment, "other", None));
        Assert.False(await Stores.Inbox.IsPendingAsync(Other, "changed", None));
        await CommitAsync(new SettleEvent(Key("a"), id, []));
        Assert.False(await Stores.Inbox.IsPendingAsync(Deployment, "changed", None));
    }
}
