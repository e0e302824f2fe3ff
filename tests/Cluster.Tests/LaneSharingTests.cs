namespace WorkflowEngine.Cluster.Tests;

/// <summary>Who runs which lane.</summary>
public sealed class LaneSharingTests
{
    private const int Lanes = 64;

    [Fact]
    public void Lanes_of_nobody_are_spread_evenly()
    {
        var shared = LaneSharing.Share(new string?[Lanes], ["a", "b", "c"]);
        Assert.Equal([21, 21, 22], Counts(shared));
    }

    [Fact]
    public void Who_joins_gets_an_even_share_and_no_other_lane_moves()
    {
        var before = LaneSharing.Share(new string?[Lanes], ["a", "b"]);
        var after = LaneSharing.Share(before, ["a", "b", "c"]);
        Assert.Equal([21, 21, 22], Counts(after));
        Assert.All(Enumerable.Range(0, Lanes).Where(lane => after[lane] != "c"), lane => Assert.Equal(before[lane], after[lane]));
    }

    [Fact]
    public void The_lanes_of_who_is_gone_go_to_the_others_and_no_other_lane_moves()
    {
        var before = LaneSharing.Share(new string?[Lanes], ["a", "b", "c"]);
        var after = LaneSharing.Share(before, ["a", "c"]);
        Assert.Equal([32, 32], Counts(after));
        Assert.All(Enumerable.Range(0, Lanes).Where(lane => before[lane] != "b"), lane => Assert.Equal(before[lane], after[lane]));
    }

    [Fact]
    public void Asked_again_the_answer_is_the_same()
    {
        var before = LaneSharing.Share(new string?[Lanes], ["a", "b", "c", "d", "e"]);
        Assert.Equal(before, LaneSharing.Share(before, ["e", "d", "c", "b", "a"]));
    }

    [Fact]
    public void More_nodes_than_lanes_leave_some_without_any() => Assert.Equal(Lanes, LaneSharing.Share(new string?[Lanes], Enumerable.Range(0, 100).Select(n => $"n{n}")).Distinct().Count());

    private static IEnumerable<int> Counts(IEnumerable<string> shared) => shared.GroupBy(owner => owner).Select(owned => owned.Count()).Order();
}
