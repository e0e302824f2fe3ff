namespace WorkflowEngine.Runtime.Tests;

/// <summary>Random events, duplicates, old news, shared addresses, faults and crashes by seed. A broken history is made shorter before it is shown.</summary>
public sealed class RandomHistoryTests
{
    private const int Histories = 200;
    private const int MostShrinks = 60;

    private int _jobs;
    private int _moves;

    [Fact]
    public async Task Nothing_is_lost_nothing_is_made_twice_and_all_ends_as_the_source_says()
    {
        // One seed again and again, where chance between threads decides: FLOW_HISTORY_SEED=n FLOW_HISTORIES=times.
        var count = int.TryParse(Environment.GetEnvironmentVariable("FLOW_HISTORIES"), out var asked) ? asked : Histories;
        int? only = int.TryParse(Environment.GetEnvironmentVariable("FLOW_HISTORY_SEED"), out var named) ? named : null;
        for (var i = 1; i <= count; i++) await CheckAsync(only ?? i, join: (only ?? i) % 4 != 0);
        // Many of them went by jobs of the vendor, else this would say nothing of those.
        if (only is null) Assert.InRange(_jobs, Math.Min(1, count / 20), int.MaxValue);
    }

    /// <summary>The same over three nodes: lanes move, nodes die, and nodes that are cut off go on without knowing that others took their lanes.</summary>
    [Fact]
    public async Task Nor_is_it_over_three_nodes_whose_lanes_move_that_die_and_that_are_cut_off()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("FLOW_HISTORIES"), out var asked) ? asked : Histories;
        int? only = int.TryParse(Environment.GetEnvironmentVariable("FLOW_HISTORY_SEED"), out var named) ? named : null;
        for (var i = 1; i <= count; i++) await CheckAsync(only ?? i, join: (only ?? i) % 4 != 0, nodes: 3);
        if (only is null) Assert.InRange(_moves, count, int.MaxValue);
    }

    private async Task CheckAsync(int seed, bool join, int nodes = 1)
    {
        var steps = HistoryStep.Generate(seed, nodes);
        if (await FailsAsync(seed, steps, join, nodes) is not { } broken) return;
        for (var (size, tries) = (Math.Max(1, steps.Count / 2), 0); size >= 1 && tries < MostShrinks; size /= 2)
        {
            for (var at = 0; at + size <= steps.Count && tries < MostShrinks; tries++)
            {
                var shorter = steps[..at].Concat(steps[(at + size)..]).ToList();
                if (await FailsAsync(seed, shorter, join, nodes) is { } still) (steps, broken) = (shorter, still);
                else at += size;
            }
        }

        Assert.Fail($"Seed {seed}, join {join}, {nodes} nodes: {broken}\n{string.Join(" ", steps)}");
    }

    private async Task<string?> FailsAsync(int seed, IReadOnlyList<HistoryStep> steps, bool join, int nodes)
    {
        try
        {
            var history = new History(seed, steps, join, nodes);
            var broken = await history.PlayAsync();
            _jobs += history.Jobs;
            _moves += history.Moves;
            return broken;
        }
        catch (TimeoutException e)
        {
            return e.Message;
        }
    }
}
