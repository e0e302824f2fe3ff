using Microsoft.Extensions.Time.Testing;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Cluster.Tests;

/// <summary>What a node holds, and when it may begin a call.</summary>
public sealed class LaneOwnershipTests
{
    private const string Node = "me";

    private readonly FakeTimeProvider _time = new();
    private readonly LaneOwnership _ownership;

    public LaneOwnershipTests() => _ownership = new LaneOwnership(_time);

    [Fact]
    public void A_lane_is_run_after_it_was_taken_and_owned_and_not_before()
    {
        Take(3, 5);
        Assert.Empty(_ownership.OwnedLanes);
        Assert.Equal(1, _ownership.FencingToken(3));

        _ownership.Own([3, 5]);
        Assert.Equal([3, 5], _ownership.OwnedLanes);
        Assert.True(_ownership.Owns(5));
        Assert.False(_ownership.Owns(4));
    }

    [Fact]
    public void A_lane_that_is_left_keeps_its_token_until_nothing_of_it_is_in_memory()
    {
        Take(3);
        _ownership.Own([3]);
        _ownership.Leave([3]);
        Assert.Empty(_ownership.OwnedLanes);
        Assert.Equal(1, _ownership.FencingToken(3));
        Assert.Equal([(3, 1L, false)], _ownership.Ending);

        _ownership.Forget(3);
        Assert.Equal(0, _ownership.FencingToken(3));
        Assert.True(_ownership.IsFree(3));
    }

    [Fact]
    public void A_lane_that_another_took_is_lost_and_its_old_token_stays_while_its_runs_are_in_memory()
    {
        Take(3, 5);
        _ownership.Own([3, 5]);
        var lost = _ownership.Confirm(Node, [new LaneLease(3, "other", 2), new LaneLease(5, Node, 1)], _time.GetTimestamp());
        Assert.Equal([3], lost);
        Assert.Equal([5], _ownership.OwnedLanes);
        Assert.Equal(1, _ownership.FencingToken(3));
        Assert.Equal([(3, 1L, true)], _ownership.Ending);
    }

    [Fact]
    public void A_lane_that_was_lost_before_it_was_run_is_not_run()
    {
        Take(3);
        _ownership.Confirm(Node, [new LaneLease(3, "other", 2)], _time.GetTimestamp());
        _ownership.Own([3]);
        Assert.Empty(_ownership.OwnedLanes);
    }

    [Fact]
    public async Task Without_a_lane_there_is_nothing_to_lose_so_calls_may_begin() => Assert.True(await _ownership.MayCallAsync(default));

    [Fact]
    public async Task A_call_begins_only_within_a_second_of_the_question_that_confirmed_the_leases()
    {
        Take(3);
        _ownership.Own([3]);
        Confirm();
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.True(await _ownership.MayCallAsync(default));

        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(await WaitedAsync());

        // What counts is when it was asked, not when the answer came.
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(1_000));
        _ownership.Confirm(Node, [new LaneLease(3, Node, 1)], asked);
        Assert.False(await WaitedAsync());
    }

    [Fact]
    public async Task Who_waits_for_a_confirmation_goes_on_when_it_comes()
    {
        Take(3);
        _ownership.Own([3]);
        _time.Advance(TimeSpan.FromSeconds(10));
        var waiting = _ownership.MayCallAsync(default).AsTask();
        Assert.False(waiting.IsCompleted);
        Confirm();
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        Assert.True(await waiting);
    }

    [Fact]
    public async Task After_a_loss_no_call_begins_for_a_while_though_the_other_leases_are_confirmed()
    {
        Take(3, 5);
        _ownership.Own([3, 5]);
        IReadOnlyList<LaneLease> leases = [new LaneLease(3, "other", 2), new LaneLease(5, Node, 1)];
        _ownership.Confirm(Node, leases, _time.GetTimestamp());
        Assert.False(await _ownership.MayCallAsync(default));

        _time.Advance(TimeSpan.FromSeconds(4));
        _ownership.Confirm(Node, leases, _time.GetTimestamp());
        Assert.True(await _ownership.MayCallAsync(default));
    }

    private void Take(params int[] lanes) => _ownership.Take(lanes.Select(lane => new LaneLease(lane, Node, 1)));

    private void Confirm() => _ownership.Confirm(Node, [new LaneLease(3, Node, 1)], _time.GetTimestamp());

    /// <summary>The answer once waiting has an end.</summary>
    private async Task<bool> WaitedAsync()
    {
        var waiting = _ownership.MayCallAsync(default).AsTask();
        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        return await waiting;
    }
}
