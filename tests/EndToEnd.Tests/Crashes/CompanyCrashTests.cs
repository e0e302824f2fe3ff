using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.FlowTesting;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators.Seeds.Reconciling;

namespace WorkflowEngine.EndToEnd.Tests.Crashes;

/// <summary>
/// All six templates at once in one real process that kills itself (SIGKILL) at boundaries of effects and transactions and is started again: both systems end as without a death, record by record, and the journal tells one
/// creation of each record. A normal run lets one process after the other die, the first two in one morning and then one at a time, each a while after its start; <c>FLOW_CRASH_ALL=1</c> tries every boundary by itself and every one followed by a second death soon after the start,
/// <c>FLOW_CRASH_FROM=n</c> and <c>FLOW_CRASH_TO=n</c> some of them, <c>FLOW_CRASH_TWICE=1</c> only those with a second death, <c>0</c> only those without, <c>FLOW_CRASH_PARALLEL=n</c> so many at once (three for each processor); <c>FLOW_CRASH_SEED=n</c> names the seed; <c>FLOW_CRASH_LATE=1</c> lets the vendors show new records late.
/// </summary>
[Collection(Volume.AloneCollection.Name)]
public sealed class CompanyCrashTests(ITestOutputHelper output)
{
    private const int Customers = 14;
    private const int Still = 8;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    /// <summary>Written straight by their own key, without a look before: when the answer died with the process, the repeat is told "updated".</summary>
    private static readonly string[] Straight = ["ServiceTitan_Invoice__c", "ServiceTitan_Feedback__c", "ServiceTitan_Control__c", "OpportunityLineItem"];

    /// <summary>Within what each vendor's <c>settle</c> allows.</summary>
    private static readonly (TimeSpan, TimeSpan) Late = (TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(40));

    [Fact]
    public async Task Whatever_process_of_six_flows_dies_where_the_end_is_as_if_none_had()
    {
        var all = Environment.GetEnvironmentVariable("FLOW_CRASH_ALL") == "1";
        var seed = Number("FLOW_CRASH_SEED") ?? TimeProvider.System.GetUtcNow().DayOfYear;
        var golden = await PlayAsync([], default);
        Assert.True(golden.Mistakes.Count == 0, "Undisturbed: " + string.Join("\n", golden.Mistakes));
        if (all)
        {
            await AllAsync(golden, seed);
            return;
        }

        var random = new Random(seed);
        // A fixed death in the middle of the first flush, one right after the start of the next, then seeded ones. Never three while one event may be in flight: that is a dead letter, and rightly (rule 18).
        Death[] deaths = [new(60), new(12), new(random.Next(10, 100), Part.Day), new(random.Next(10, 60), Part.Aftermath)];
        var crashed = await PlayAsync(deaths, IsLate ? Late : default);
        output.WriteLine($"six flows: {crashed.Deaths} boundaries tried in one history, {Differences(golden, crashed).Count} failed; seed {seed}.");
        Assert.True(crashed.Deaths >= 2, $"Only {crashed.Deaths} deaths.");
        Same(golden, crashed, $"seed {seed}, deaths at {Told(deaths)}");
    }

    private async Task AllAsync(End golden, int seed)
    {
        var (first, last, past, tried) = (Number("FLOW_CRASH_FROM") ?? 1, Number("FLOW_CRASH_TO") ?? int.MaxValue, int.MaxValue, 0);
        var failures = new ConcurrentQueue<string>();
        foreach (var twice in Number("FLOW_CRASH_TWICE") is { } only ? [only == 1] : new[] { false, true })
        {
            var next = first - 1;
            // A play mostly waits: for feeds that are asked again, and for rest.
            await Task.WhenAll(Enumerable.Range(0, Number("FLOW_CRASH_PARALLEL") ?? Environment.ProcessorCount * 3).Select(_ => Task.Run(WorkAsync)));

            async Task WorkAsync()
            {
                while (Interlocked.Increment(ref next) is var boundary && boundary <= last && boundary < Volatile.Read(ref past))
                {
                    // Killed again soon after it came back.
                    await TryAsync(twice ? [new(boundary), new(new Random(seed + boundary).Next(1, 12))] : [new(boundary)]);
                }
            }
        }

        output.WriteLine($"six flows: {tried} crashes tried, {failures.Count} failed; {(past < int.MaxValue ? $"the first boundary beyond the end was {past}" : $"boundaries {first} to {last}")}; seed {seed}.");
        Assert.True(failures.IsEmpty, string.Join("\n", failures.Take(10)));
        Assert.True(tried > 0);

        async Task TryAsync(Death[] deaths)
        {
            List<string> told;
            try
            {
                var crashed = await PlayAsync(deaths, IsLate ? Late : default);
                if (crashed.Deaths == 0)
                {
                    lock (failures) past = Math.Min(past, deaths[0].Boundary);
                    return;
                }

                told = Differences(golden, crashed);
            }
            catch (Exception e)
            {
                // One that does not come to rest is told with the others.
                told = [e.Message];
            }

            Interlocked.Increment(ref tried);
            foreach (var difference in told) failures.Enqueue($"deaths at {Told(deaths)}: {difference}");
            output.WriteLine($"deaths at {Told(deaths)}: {(told.Count == 0 ? "as undisturbed" : string.Join("\n  ", told))}");
        }
    }

    private static string Told(IEnumerable<Death> deaths) => string.Join(" and then ", deaths.Select(d => d.From == Part.Morning ? $"{d.Boundary}" : $"{d.Boundary} of the {d.From}"));

    private static bool IsLate => Environment.GetEnvironmentVariable("FLOW_CRASH_LATE") == "1";

    private static void Same(End golden, End crashed, string told)
    {
        var differences = Differences(golden, crashed);
        Assert.True(differences.Count == 0, $"{told}:\n{string.Join("\n", differences)}");
    }

    private static List<string> Differences(End golden, End crashed) =>
    [
        .. crashed.Mistakes,
        .. Beyond(golden.Systems, crashed.Systems).Select(l => "missing: " + l), .. Beyond(crashed.Systems, golden.Systems).Select(l => "too much: " + l),
        .. Beyond(golden.Created, [.. crashed.Created, .. crashed.Changed]).Select(l => "not in the journal: " + l), .. Beyond(crashed.Created, golden.Created).Select(l => "too much in the journal: " + l),
    ];

    /// <summary>What the first has more of, equal lines counted.</summary>
    private static IEnumerable<string> Beyond(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var left = second.CountBy(l => l).ToDictionary();
        foreach (var line in first)
        {
            if (left.GetValueOrDefault(line) > 0) left[line]--;
            else yield return line.Length > 700 ? line[..700] : line;
        }
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static async Task<End> PlayAsync(IReadOnlyList<Death> deaths, (TimeSpan, TimeSpan) late)
    {
        await using var company = await Company.StartAsync(Customers, late);
        var day = DateOnly.FromDateTime(company.Now.UtcDateTime);
        var (died, part) = (0, Part.Morning);
        var process = Start();
        try
        {
            // A source begins where its deployment does.
            await RestAsync();
            company.Scenario.Arrive(company.ServiceTitan);
            await RestAsync();
            company.Scenario.Change(company.ServiceTitan);
            await PassAsync(1, 6);
            company.Work.Begin();
            await PassAsync(1, 31);
            await EnterAsync(Part.Day);
            company.Work.Day();
            await PassAsync(1, 16, 31);
            await EnterAsync(Part.Aftermath);
            company.Work.Aftermath();
            await PassAsync(1, 16, 31, 12 * 60, 12 * 60, 1);
        }
        finally
        {
            await process.DisposeAsync();
        }

        var view = await SystemsView.OfAsync(company, day);
        return await JudgeAsync(company, view, died);

        FlowProcess Start() => FlowProcess.Start(company.Folder, died < deaths.Count && deaths[died].From <= part ? deaths[died].Boundary : null, company.ClockFile);

        // The death that waits for this part is told to a process at its start: the one before goes while nothing runs.
        async Task EnterAsync(Part next)
        {
            part = next;
            if (died >= deaths.Count || deaths[died].From != next) return;
            await process.DisposeAsync();
            process = Start();
            await RestAsync();
        }

        async Task PassAsync(params int[] minutes)
        {
            foreach (var step in minutes)
            {
                company.Skip(TimeSpan.FromSeconds((step * 60) + 1));
                await RestAsync();
            }
        }

        // Until the feeds were read and nothing can run; a process that killed itself is started again.
        async Task RestAsync()
        {
            var since = company.Now;
            var waited = Stopwatch.StartNew();
            var (still, seen) = (0, -1L);
            while (still < Still)
            {
                await Task.Delay(Look);
                if (process.HasExited)
                {
                    await process.EndedAsync();
                    Assert.True(process.WasKilled, $"The process ended by itself:\n{process.Output}");
                    died++;
                    await process.DisposeAsync();
                    process = Start();
                    (since, still) = (company.Now, 0);
                    waited.Restart();
                }

                if (waited.Elapsed > Patience) Assert.Fail($"It does not come to rest; ready {await process.ReadyAsync()}:\n{process.Output}");
                var moves = company.Moves;
                if (moves != seen || company.FeedReadSince(since) < 3 || await process.ReadyAsync() != 0) (seen, still) = (moves, 0);
                else still++;
            }
        }
    }

    /// <summary>What is wrong by itself, and what must be equal.</summary>
    private static async Task<End> JudgeAsync(Company company, SystemsView view, int died)
    {
        await using var host = await FlowHost.OpenAsync(EngineWorld.OptionsOf(company.Folder), default);
        var end = await EndState.OfAsync(host, default);
        var mistakes = new List<string>();
        mistakes.AddRange(Reconciliation.Of(company.Work).SelectMany(r => r.Differences.Select(d => $"{r.Flow}: {r.What}: {d}")));
        mistakes.AddRange(end.Letters.Select(EngineWorld.Line));
        mistakes.AddRange(end.Incidents.Select(i => $"open incident: {i.Message}"));
        // A death makes no deployment wrong, not even for the minute until a probe resumes it.
        mistakes.AddRange(end.Pauses.Select(p => $"a pause: {p}"));
        mistakes.AddRange(end.Runs.Where(r => r.Run.Outcome == RunOutcome.Failed).Select(r => $"failed run of {r.Run.Key}: {r.Run.Text}"));
        var created = end.Effects.Where(e => e.Effect.Verb == "created").Select(e => (e.Effect.Entity, e.Effect.RecordId)).ToList();
        mistakes.AddRange(created.CountBy(c => c).Where(c => c.Value > 1).Select(c => $"the journal tells {c.Value} creations of {c.Key}"));
        var straight = end.Effects.Where(e => e.Effect.Verb == "updated" && Straight.Contains(e.Effect.Entity)).Select(e => (e.Effect.Entity, e.Effect.RecordId)).Except(created);
        return new End(view.Lines, Names(created.Distinct()), Names(straight), mistakes, died);

        List<string> Names(IEnumerable<(string Entity, string RecordId)> records) => [.. records.Select(c => $"{c.Entity} {view.NameOf(c.RecordId)}").Order(StringComparer.Ordinal)];
    }

    /// <param name="Boundary">Counted from the start of the process.</param>
    /// <param name="From">The part of the history before which no process dies of it.</param>
    private sealed record Death(int Boundary, Part From = Part.Morning);

    private enum Part
    {
        Morning,
        Day,
        Aftermath,
    }

    /// <param name="Systems">What stands in both systems.</param>
    /// <param name="Created">What the journal says was created.</param>
    /// <param name="Changed">What it says was only updated, of the entities that go straight to the vendor's upsert.</param>
    /// <param name="Mistakes">What is wrong by itself.</param>
    /// <param name="Deaths">How often a process died.</param>
    private sealed record End(IReadOnlyList<string> Systems, IReadOnlyList<string> Created, IReadOnlyList<string> Changed, IReadOnlyList<string> Mistakes, int Deaths);
}
