using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

/// <summary>Leases of lanes, and what a node that lost one can still write: nothing of it.</summary>
public sealed class PostgreSqlLeaseTests : StoreContract
{
    private readonly Tokens _tokens = new();

    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync();

    private PostgreSqlFixture Database => (PostgreSqlFixture)Fixture;

    [Fact]
    public async Task Every_lane_has_a_lease_and_nobody_has_it_at_first()
    {
        var leases = await Stores.Leases.ReadAsync(None);
        Assert.Equal(AllLanes, leases.Select(l => l.Lane));
        Assert.All(leases, l => Assert.Equal((null, 0L), (l.Owner, l.Token)));
    }

    [Fact]
    public async Task Of_two_nodes_that_take_the_same_lane_as_they_read_it_one_gets_it()
    {
        await using var other = await Database.OpenAsync(StoreFixture.MasterKey);
        var read = (await Stores.Leases.ReadAsync(None)).Take(8).ToList();
        var taken = await Task.WhenAll(Stores.Leases.TakeAsync("a", read, None), other.Leases.TakeAsync("b", read, None));
        Assert.Equal(8, taken.Sum(t => t.Count));
        Assert.All(taken.SelectMany(t => t), l => Assert.Equal(1, l.Token));
        Assert.Equal(8, taken.SelectMany(t => t).Select(l => l.Lane).Distinct().Count());
    }

    [Fact]
    public async Task A_lease_is_given_back_only_by_who_holds_it()
    {
        var first = await TakeAsync("a", 5);
        var second = await TakeAsync("b", 5);
        await Stores.Leases.ReleaseAsync("a", [first], None);
        Assert.Equal(second, (await Stores.Leases.ReadAsync(None))[5]);
        await Stores.Leases.ReleaseAsync("b", [second], None);
        Assert.Equal(new LaneLease(5, null, 2), (await Stores.Leases.ReadAsync(None))[5]);
    }

    [Fact]
    public async Task The_owner_of_a_lane_writes_and_who_lost_it_changes_nothing()
    {
        var ids = await AcceptAsync(Event("a"));
        var lane = Event("a").Lane;
        await OwnAsync("me", lane);
        Assert.False((await CommitAsync(new SaveCheckpoint(Key("a"), ids[0], [1]))).Fenced);

        // Another node took it, and this one has not heard.
        await TakeAsync("other", lane);
        var late = await CommitAsync(new SettleEvent(Key("a"), ids[0], []), new SaveKeyState(Key("a"), new KeyState()), new AddRun(Samples.Run("late")));
        Assert.True(late.Fenced);
        Assert.Equal(ids, await ReadyIdsAsync());
        Assert.Equal(0, await Fixture.CountAsync("run"));
        Assert.Equal(0, await Fixture.CountAsync("key_state"));
    }

    [Fact]
    public async Task One_fenced_set_does_not_take_its_neighbours_along()
    {
        var ids = await AcceptAsync(Event("a"), Event("b"));
        Assert.NotEqual(Event("a").Lane, Event("b").Lane);
        await OwnAsync("me", Event("a").Lane);
        var results = await CommitAllAsync(Set(new SettleEvent(Key("a"), ids[0], [])), Set(new SettleEvent(Key("b"), ids[1], [])));
        Assert.Equal([false, true], results.Select(r => r.Fenced));
        Assert.Equal([ids[1]], await ReadyIdsAsync());
    }

    [Fact]
    public async Task Of_a_group_commit_only_the_part_of_a_lane_that_was_lost_is_fenced_also_when_another_part_fails()
    {
        var ids = await AcceptAsync(Event("a"), Event("b"), Event("c"));
        Assert.Equal(3, new[] { "a", "b", "c" }.Select(k => Event(k).Lane).Distinct().Count());
        await CommitAsync(new AddRun(Samples.Run("run-taken", 1)));
        await OwnAsync("me", Event("a").Lane);
        await OwnAsync("me", Event("c").Lane);
        var held = new HeldWriter(Stores.Writer);
        await using var writer = new GroupCommitWriter(held, NullLogger<GroupCommitWriter>.Instance);
        var first = writer.CommitAsync(CommitQueue.Settlement, Set(new RaiseIncident("default", null, "x", "y", Noon)));
        await held.Begun;
        var good = writer.CommitAsync(CommitQueue.Settlement, Set(new SettleEvent(Key("a"), ids[0], [])));
        var lost = writer.CommitAsync(CommitQueue.Settlement, Set(new SettleEvent(Key("b"), ids[1], [])));
        var bad = writer.CommitAsync(CommitQueue.Settlement, Set(new SettleEvent(Key("c"), ids[2], []), new AddRun(Samples.Run("run-taken", ids[2]))));
        held.Release();
        await first;
        await good;
        await Assert.ThrowsAsync<FencedException>(() => lost);
        await Assert.ThrowsAsync<CommitFailedException>(() => bad);
        Assert.Equal(3, held.Sizes[1]);
        Assert.Equal(ids[1..], await ReadyIdsAsync());
    }

    [Fact]
    public async Task Any_node_accepts_events_replays_and_explains()
    {
        Stores.FenceBy(_tokens);
        var accepted = await CommitAsync(new AppendEvents([Event("a")]));
        Assert.False(accepted.Fenced);
        Assert.NotNull(Assert.Single(accepted.EventIds));
        Assert.False((await CommitAsync(new RaiseIncident("default", null, "x", "y", Noon), new MarkClaimed([accepted.EventIds[0]!.Value]))).Fenced);
    }

    [Fact]
    public async Task A_page_of_a_source_that_another_node_reads_now_is_not_accepted()
    {
        var cursor = new CursorKey("default", "tenant", "customer/customers", "");
        await OwnAsync("me", Lane.OfCursor(cursor));
        await TakeAsync("other", Lane.OfCursor(cursor));
        var page = await CommitAsync(new AppendEvents([Event("a")]), new SaveCursor(cursor, new SourceCursor("next", Noon), Noon));
        Assert.True(page.Fenced);
        Assert.Null(await Stores.Cursors.ReadAsync(cursor, None));
        Assert.Empty(await ReadyIdsAsync());
    }

    [Fact]
    public async Task A_take_waits_for_a_commit_that_is_under_way_and_none_slips_through_between()
    {
        // A node commits again and again while others take the lane from each other: whatever was committed after a take would be seen as not fenced.
        var lane = Event("k").Lane;
        await using var other = await Database.OpenAsync(StoreFixture.MasterKey);
        await OwnAsync("me", lane);
        var takes = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++) await other.Leases.TakeAsync("other", [(await other.Leases.ReadAsync(None))[lane]], None);
        });
        var stored = 0;
        for (var fenced = false; !fenced;)
        {
            var result = await CommitAsync(new SaveKeyState(Key("k"), new KeyState()), new AddRun(Samples.Run($"run{stored}")));
            fenced = result.Fenced;
            if (!fenced) stored++;
        }

        await takes;
        Assert.Equal(stored, await Fixture.CountAsync("run"));
        Assert.True((await CommitAsync(new SaveKeyState(Key("k"), new KeyState()))).Fenced);
    }

    [Fact]
    public async Task Only_what_was_in_flight_in_the_lanes_that_came_counts_a_death()
    {
        var ids = await AcceptAsync(Event("a"), Event("b"));
        await CommitAsync(new MarkClaimed(ids));
        Assert.Equal(1, await Stores.Inbox.RecoverAsync([Event("a").Lane], None));
        Assert.Equal([1, 0], (await ReadyAsync()).OrderBy(r => r.Id).Select(r => r.Deaths));
    }

    [Fact]
    public async Task One_node_at_a_time_changes_a_workspace()
    {
        await using var other = await Database.OpenAsync(StoreFixture.MasterKey);
        var first = await Stores.Leases.AloneAsync("default", None);
        await using (await other.Leases.AloneAsync("another", None))
        {
            var second = other.Leases.AloneAsync("default", None);
            Assert.False(second.IsCompleted);
            await first.DisposeAsync();
            await (await second).DisposeAsync();
        }
    }

    [Fact]
    public async Task Servers_that_share_a_database_go_together_and_one_that_runs_alone_goes_with_none()
    {
        await using var other = await Database.OpenAsync(StoreFixture.MasterKey);
        await using (await Stores.Leases.EnterAsync(asOneOfSeveral: true, None))
        {
            Assert.Null(await other.Leases.EnterAsync(asOneOfSeveral: false, None));
            await using var second = await other.Leases.EnterAsync(asOneOfSeveral: true, None);
            Assert.NotNull(second);
        }

        await using var alone = await other.Leases.EnterAsync(asOneOfSeveral: false, None);
        Assert.NotNull(alone);
        Assert.Null(await Stores.Leases.EnterAsync(asOneOfSeveral: true, None));
        Assert.Null(await Stores.Leases.EnterAsync(asOneOfSeveral: false, None));
    }

    [Fact]
    public async Task The_lane_of_a_key_as_it_came_is_that_of_the_key_as_it_is_kept()
    {
        const string Hostile = "a\0b";
        Assert.Equal(Lane.Of("default", Deployment.Id, Hostile), Lane.Of("default", Deployment.Id, StoreText.Clean(Hostile)));
        const string Half = "x\uD800y";
        Assert.Equal(Lane.Of("default", Deployment.Id, Half), Lane.Of("default", Deployment.Id, StoreText.Clean(Half)));
        var ids = await AcceptAsync(Event(Hostile));
        await OwnAsync("me", Event(Hostile).Lane);
        Assert.False((await CommitAsync(new SettleEvent((await ReadyAsync())[0].Key, ids[0], []))).Fenced);
    }

    private async Task<LaneLease> TakeAsync(string node, int lane) => Assert.Single(await Stores.Leases.TakeAsync(node, [(await Stores.Leases.ReadAsync(None))[lane]], None));

    private async Task OwnAsync(string node, int lane)
    {
        _tokens.Own(await TakeAsync(node, lane));
        Stores.FenceBy(_tokens);
    }

    private sealed class Tokens : IOwnership
    {
        private readonly Dictionary<int, long> _tokens = [];

        public event Action? Changed
        {
            add { }
            remove { }
        }

        public IReadOnlyList<int> OwnedLanes => [.. _tokens.Keys];

        public void Own(LaneLease lease) => _tokens[lease.Lane] = lease.Token;

        public bool Owns(int lane) => _tokens.ContainsKey(lane);

        public long FencingToken(int lane) => _tokens.GetValueOrDefault(lane);

        public ValueTask<bool> MayCallAsync(CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }
}
