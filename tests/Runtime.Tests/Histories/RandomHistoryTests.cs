namespace WorkflowEngine.Runtime.Tests;

/// <summary>Random events, duplicates, old news, shared addresses, faults and crashes by seed. A broken history is made shorter before it is shown.</summary>
public sealed class RandomHistoryTests
{
    private const int Histories = 200;
    private const int MostShrinks = 60;

    private int _jobs;

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

    private async Task CheckAsync(int seed, bool join)
    {
        var steps = HistoryStep.Generate(seed);
        if (await FailsAsync(seed, steps, join) is not { } broken) return;
        for (var (size, tries) = (Math.Max(1, steps.Count / 2), 0); size >= 1 && tries < MostShrinks; size /= 2)
        {
            for (var at = 0; at + size <= steps.Count && tries < MostShrinks; tries++)
            {
                var shorter = steps[..at].Concat(steps[(at + size)..]).ToList();
                if (await FailsAsync(seed, shorter, join) is { } still) (steps, broken) = (shorter, still);
                else at += size;
            }
        }

        Assert.Fail($"Seed {seed}, join {join}: {broken}\n{string.Join(" ", steps)}");
    }

    private async Task<string?> FailsAsync(int seed, IReadOnlyList<HistoryStep> steps, bool join)
    {
        try
        {
            var history = new History(seed, steps, join);
            var broken = await history.PlayAsync();
            _jobs += history.Jobs;
            return broken;
        }
        catch (TimeoutException e)
        {
            return e.Message;
        }
    }
}
