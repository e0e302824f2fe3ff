using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

public abstract class WriterContract : StoreContract
{
    [Fact]
    public async Task Two_hundred_sets_are_one_transaction_and_each_gets_its_own_result()
    {
        var ids = await AcceptAsync([.. Enumerable.Range(0, 200).Select(i => Event($"k{i}"))]);
        var results = await Stores.Writer.CommitAsync(
            [.. Enumerable.Range(0, 200).Select(i => Set(
                new SettleEvent(Key($"k{i}"), ids[i], []), new AddRun(Samples.Run($"run-{i:000}", ids[i])), new AppendEvents([Event($"next{i}"), Event($"next{i}")])))],
            None);
        Assert.Equal(400, results.SelectMany(result => result.EventIds).Distinct().Count());
        Assert.All(results, result => Assert.Equal(2, result.EventIds.Count));
        Assert.Equal([new BacklogCount(Deployment, 400, 0, 0)], await Stores.Inbox.CountAsync(None));
        Assert.Equal(200, (await Stores.Runs.ListAsync(new RunFilter { Workspace = "default", Limit = 500 }, None)).Count);
    }

    [Fact]
    public async Task A_failing_call_changes_nothing_and_its_good_sets_commit_when_it_is_split()
    {
        var ids = await AcceptAsync(Event("a"), Event("b"));
        await CommitAsync(new AddRun(Samples.Run("run-taken", 1)));
        var good = Set(new SettleEvent(Key("a"), ids[0], []), new AddRun(Samples.Run("run-good", ids[0])));
        var bad = Set(new SettleEvent(Key("b"), ids[1], []), new AddRun(Samples.Run("run-taken", ids[1])));
        await Assert.ThrowsAnyAsync<Exception>(() => CommitAllAsync(good, bad));
        Assert.Equal(ids, await ReadyIdsAsync());
        Assert.Null(await Stores.Runs.FindAsync("default", "run-good", None));

        await Assert.ThrowsAnyAsync<Exception>(() => CommitAllAsync(bad));
        await CommitAllAsync(good);
        Assert.Equal([ids[1]], await ReadyIdsAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    public async Task Of_a_group_commit_the_parts_that_fail_fail_alone_and_all_others_are_kept(int at)
    {
        await CommitAsync(new AddRun(Samples.Run("run-taken", 1)));
        var held = new HeldWriter(Stores.Writer);
        await using var writer = new GroupCommitWriter(held, NullLogger<GroupCommitWriter>.Instance);
        var first = writer.CommitAsync(CommitQueue.Settlement, Set(new AppendEvents([Event("first")])));
        await held.Begun;

        // While the first is on its way to the disk the others gather for the next. Two of them cannot be kept.
        var parts = Enumerable.Range(1, 20).Select(i => writer.CommitAsync(CommitQueue.Settlement, Set(new AppendEvents([Event($"k{i}")]), new AddRun(Samples.Run(i == at || i == 14 ? "run-taken" : $"run-{i}", i))))).ToList();
        held.Release();
        await first;
        await Task.WhenAll(parts.Select(p => p.ContinueWith(static t => t.Exception, None, TaskContinuationOptions.None, TaskScheduler.Default)));
        Assert.Equal([1, 20], held.Sizes.Take(2));
        Assert.Equal(new[] { at, 14 }.Order(), Enumerable.Range(1, 20).Where(i => parts[i - 1].IsFaulted));
        Assert.All(parts.Where(p => p.IsFaulted), p => Assert.IsType<CommitFailedException>(p.Exception!.InnerException));
        Assert.All(parts.Where(p => !p.IsFaulted), p => Assert.NotNull(Assert.Single(p.Result.EventIds)));
        Assert.Equal(["first", .. Enumerable.Range(1, 20).Where(i => i != at && i != 14).Select(i => $"k{i}")], (await ReadyAsync()).OrderBy(r => r.Id).Select(r => r.Key.Key));
        Assert.Equal(19, await Fixture.CountAsync("run"));

        // The writer goes on.
        Assert.Single((await writer.CommitAsync(CommitQueue.Settlement, Set(new AppendEvents([Event("last")])))).EventIds);
    }

    [Fact]
    public async Task What_was_answered_is_there_after_a_crash()
    {
        var ids = await AcceptAsync([.. Enumerable.Range(0, 50).Select(i => Event($"k{i}", $"payload {i}"))]);
        await CommitAsync(new SettleEvent(Key("k0"), ids[0], []), new SaveCursor(new CursorKey("default", "org", "customers", ""), new SourceCursor("t", Noon), Noon));
        await Fixture.CrashAsync();
        Assert.Equal(ids[1..], await ReadyIdsAsync());
        Assert.Equal("payload 7", System.Text.Encoding.UTF8.GetString((await Stores.Inbox.ReadWorkAsync([ids[7]], None))[0].Payload));
        Assert.NotNull(await Stores.Cursors.ReadAsync(new CursorKey("default", "org", "customers", ""), None));
    }

    [Fact]
    public async Task Calls_from_many_threads_all_commit()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => CommitAsync(new AppendEvents([Event($"k{i % 7}")])))));
        Assert.Equal([new BacklogCount(Deployment, 40, 0, 0)], await Stores.Inbox.CountAsync(None));
        Assert.Equal(7, (await ReadyIdsAsync()).Length);
    }

    [Fact]
    public async Task A_cancelled_call_changes_nothing_and_the_next_one_works()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Stores.Writer.CommitAsync([Set(new AppendEvents([Event("a")]))], new CancellationToken(canceled: true)));
        Assert.Single(await AcceptAsync(Event("b")));
        Assert.Single(await ReadyIdsAsync());
    }

    [Fact]
    public async Task The_order_of_a_call_is_kept_for_what_is_replaced()
    {
        var ids = await AcceptAsync(Event("a"));
        var cursor = new CursorKey("default", "org", "customers", "");
        await CommitAllAsync(
            Set(new SaveCheckpoint(Key("a"), ids[0], [1]), new SaveCursor(cursor, new SourceCursor("1", null), Noon), new SaveKeyState(Key("a"), new KeyState { Sticky = true })),
            Set(new SaveCheckpoint(Key("a"), ids[0], [2]), new SaveCursor(cursor, new SourceCursor("2", Noon), Noon), new SaveKeyState(Key("a"), new KeyState { Became = new Dictionary<string, bool> { ["Opportunity/1"] = false } })));
        Assert.Equal([2], (await Stores.Inbox.ReadWorkAsync(ids, None))[0].Checkpoint!);
        Assert.Equal(new SourceCursor("2", Noon), await Stores.Cursors.ReadAsync(cursor, None));
        var state = (await Stores.KeyStates.ReadAsync([Key("a")], None))[Key("a")];
        Assert.False(state.Sticky);
        Assert.False(state.Became["Opportunity/1"]);
    }

    [Fact]
    public async Task A_checkpoint_of_a_settled_event_leaves_nothing_behind()
    {
        var ids = await AcceptAsync(Event("a"));
        await CommitAsync(new SettleEvent(Key("a"), ids[0], []));
        await CommitAsync(new SaveCheckpoint(Key("a"), ids[0], [1]), new DelayEvent(Key("a"), ids[0], Noon, 1, "late"));
        Assert.Empty(await Stores.Inbox.CountAsync(None));
        Assert.Empty(await Stores.Inbox.ReadWorkAsync(ids, None));
        await AcceptAsync(Event("a"));
        Assert.Single(await ReadyIdsAsync());
    }
}
