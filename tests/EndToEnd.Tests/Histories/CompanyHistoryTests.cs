using System.Diagnostics;
using System.Globalization;
using Xunit.Sdk;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>
/// Random histories over the real connectors and both simulators: events, duplicates, reordering, wrong clocks, late records, edits, merges and deletes by people on both sides, faults and deaths by seed. A broken history is made
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
        var (clock, played, deaths) = (Stopwatch.StartNew(), 0, 0);
        for (var i = 0; i < count && (minutes is null || clock.Elapsed.TotalMinutes < minutes); i++)
        {
            var seed = minutes is null && only is null && i >= count / 2 ? (TimeProvider.System.GetUtcNow().DayOfYear * 10_000) + i : begin + i;
            try
            {
                deaths += await CheckAsync(seed);
            }
            catch (Exception e) when (e is not XunitException)
            {
                Assert.Fail($"Seed {seed}, history {played + 1}: {e}");
            }

            played++;
        }

        output.WriteLine($"{played} histories ({deaths} deaths), 0 broken; seeds from {begin}.");
        Assert.True(played > 0);
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async Task<int> CheckAsync(int seed)
    {
        var steps = CompanyStep.Generate(seed);
        var history = new CompanyHistory(seed, steps);
        if (await history.PlayAsync() is not { } broken) return history.Deaths;
        for (var (size, tries) = (Math.Max(1, steps.Count / 2), 0); size >= 1 && tries < MostShrinks; size /= 2)
        {
            for (var at = 0; at + size <= steps.Count && tries < MostShrinks; tries++)
            {
                var shorter = steps[..at].Concat(steps[(at + size)..]).ToList();
                if (await new CompanyHistory(seed, shorter).PlayAsync() is { } still) (steps, broken) = (shorter, still);
                else at += size;
            }
        }

        Assert.Fail($"Seed {seed}: {string.Join(" ", steps)}\n{broken}");
        return 0;
    }
}
