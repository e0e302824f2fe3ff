using System.Diagnostics;
using System.Globalization;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>
/// Random histories over the real connectors and both simulators: events, duplicates, older states and web hooks that come again much later, wrong clocks, late records, edits, merges and deletes by people on both sides, faults and deaths by seed. A broken history is made
/// shorter before it is shown. A normal run plays some; <c>FLOW_HISTORY_MINUTES=60</c> plays for an hour, <c>FLOW_HISTORY_SEED=n</c> begins there and plays one, <c>FLOW_HISTORIES=n</c> so many.
/// </summary>
public sealed class CompanyHistoryTests(ITestOutputHelper output)
{
    private const int Histories = 24;
    private const int MostShrinks = 60;

    [Fact]
    public async Task Whatever_people_vendors_and_deaths_do_all_arrives_once_and_nothing_echoes_or_steals()
    {
        var minutes = Number("FLOW_HISTORY_MINUTES");
        var only = Number("FLOW_HISTORY_SEED");
        var count = Number("FLOW_HISTORIES") ?? (minutes is not null ? int.MaxValue : only is null ? Histories : 1);
        // Another part of all seeds each day; the first ones are always the same.
        var begin = only ?? (minutes is null ? 1 : TimeProvider.System.GetUtcNow().DayOfYear * 10_000);
        var (clock, deaths, excused) = (Stopwatch.StartNew(), 0, 0);
        var seeds = new List<int>();
        for (var i = 0; i < count && (minutes is null || clock.Elapsed.TotalMinutes < minutes); i++)
        {
            var seed = minutes is null && only is null && i >= count / 2 ? (TimeProvider.System.GetUtcNow().DayOfYear * 10_000) + i : begin + i;
            var (history, broken) = await CheckAsync(seed);
            // The seed is told whatever went wrong, also when the company did not even begin.
            if (broken is not null) Assert.Fail($"Seed {seed}, history {i + 1}: {broken}");
            (deaths, excused) = (deaths + history.Deaths, excused + history.Excused);
            seeds.Add(seed);
        }

        output.WriteLine($"{seeds.Count} histories ({deaths} deaths, {excused} keys not judged since a letter or review of theirs is open), 0 broken; seeds {Ranges(seeds)}.");
        Assert.NotEmpty(seeds);
    }

    /// <summary>Which seeds were played: each row of them by its first and last.</summary>
    private static string Ranges(List<int> seeds) =>
        string.Join(" and ", seeds.Index().GroupBy(s => s.Item - s.Index).Select(row => row.Count() == 1 ? $"{row.First().Item}" : $"{row.First().Item} to {row.Last().Item}"));

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Plays the history of a seed; what it broke, with as few steps as were found to break it.</summary>
    private static async Task<(CompanyHistory History, string? Broken)> CheckAsync(int seed)
    {
        var steps = CompanyStep.Generate(seed);
        var (history, told) = await PlayAsync(seed, steps);
        if (told is not { } broken) return (history, null);
        for (var (size, tries) = (Math.Max(1, steps.Count / 2), 0); size >= 1 && tries < MostShrinks; size /= 2)
        {
            for (var at = 0; at + size <= steps.Count && tries < MostShrinks; tries++)
            {
                var shorter = steps[..at].Concat(steps[(at + size)..]).ToList();
                if ((await PlayAsync(seed, shorter)).Broken is { } still) (steps, broken) = (shorter, still);
                else at += size;
            }
        }

        return (history, $"{string.Join(" ", steps)}\n{broken}");
    }

    /// <summary>An exception breaks a history as an invariant does: it is shrunk and told with its seed.</summary>
    private static async Task<(CompanyHistory History, string? Broken)> PlayAsync(int seed, IReadOnlyList<CompanyStep> steps)
    {
        var history = new CompanyHistory(seed, steps);
        try
        {
            return (history, await history.PlayAsync());
        }
        catch (Exception e)
        {
            return (history, e.ToString());
        }
    }
}
