using System.Collections.Concurrent;
using System.Globalization;
using WorkflowEngine.Definitions;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.FlowTesting;

namespace WorkflowEngine.EndToEnd.Tests.Crashes;

/// <summary>
/// The scenarios of all templates (their tests), with the engine dying at effect boundaries: from that moment nothing of it reaches disk or vendor, and another one goes on with what is on disk.
/// What the test expects of records, effects, dead letters and incidents must hold as if undisturbed, and the two systems hold as many records. A normal run tries a fixed boundary and seeded random ones of one scenario each; <c>FLOW_CRASH_ALL=1</c> tries every
/// boundary of every scenario, once and twice in a row, <c>FLOW_CRASH_TEMPLATE=name</c> those of one template, <c>FLOW_CRASH_SCENARIO=words</c> those with these words in their name; <c>FLOW_CRASH_SEED=n</c> names the seed.
/// </summary>
public sealed class AllFlowsCrashTests(ITestOutputHelper output)
{
    private const int AtOnce = 2;
    private const int Again = 4;
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(45);

    [Theory]
    [InlineData("completed-job-to-opportunity")]
    [InlineData("customer-to-salesforce")]
    [InlineData("invoice-to-revenue")]
    [InlineData("low-rating-to-case")]
    [InlineData("membership-to-campaign")]
    [InlineData("won-opportunity-to-job")]
    public async Task Every_scenario_ends_as_if_undisturbed_wherever_the_engine_dies(string template)
    {
        if (Environment.GetEnvironmentVariable("FLOW_CRASH_TEMPLATE") is { Length: > 0 } only && only != template) Assert.Skip($"Only {only} was asked for.");
        var files = Files(template);
        var names = NamesOf(files);
        var all = Environment.GetEnvironmentVariable("FLOW_CRASH_ALL") == "1";
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FLOW_CRASH_SEED"), CultureInfo.InvariantCulture, out var given) ? given : TimeProvider.System.GetUtcNow().DayOfYear;
        var random = new Random(seed);
        if (!all) names = [names[0]];
        if (Environment.GetEnvironmentVariable("FLOW_CRASH_SCENARIO") is { Length: > 0 } words) names = [.. NamesOf(files).Where(n => n.Contains(words, StringComparison.Ordinal))];
        Assert.SkipWhen(names.Count == 0, "No scenario has these words in its name.");
        var cases = new ConcurrentQueue<(string Name, FlowTestResult Golden, FlowTestTrouble Trouble)>();
        foreach (var name in names)
        {
            var golden = await RunAsync(files, name, new FlowTestTrouble { Counts = true });
            Assert.True(golden.Passed, $"{name}: {Told(golden)}");
            var count = (int)golden.Boundaries;
            if (count == 0) continue;
            long[] singles = all ? [.. Enumerable.Range(1, count).Select(n => (long)n)] : [(count + 1) / 2, random.Next(1, count + 1)];
            foreach (var at in singles) cases.Enqueue((name, golden, new FlowTestTrouble { Kills = [at], Counts = true }));
            // Killed again soon after it came back.
            foreach (var at in all ? singles : [random.Next(1, count + 1)]) cases.Enqueue((name, golden, new FlowTestTrouble { Kills = [at, random.Next(1, 4)], Counts = true }));
        }

        var failures = new ConcurrentQueue<string>();
        var (tried, killed) = (0, 0);
        async Task WorkAsync()
        {
            while (cases.TryDequeue(out var item))
            {
                var crashed = await RunAsync(files, item.Name, item.Trouble);
                // What goes into one transaction hangs on the moment: the last boundaries of a play may not be there in the next.
                for (var again = 0; again < Again && crashed.Kills == 0; again++) crashed = await RunAsync(files, item.Name, item.Trouble);
                Interlocked.Increment(ref tried);
                Interlocked.Add(ref killed, crashed.Kills);
                var at = string.Join(" and then ", item.Trouble.Kills);
                if (crashed.Kills == 0) failures.Enqueue($"{item.Name}, boundary {at}: it was not reached.");
                else if (!crashed.Passed) failures.Enqueue($"{item.Name}, killed at boundary {at}: {Told(crashed)}");
                else if (crashed.Pauses.Count > item.Golden.Pauses.Count) failures.Enqueue($"{item.Name}, killed at boundary {at}: {string.Join("; ", crashed.Pauses)}");
                else if (crashed.Records != item.Golden.Records) failures.Enqueue($"{item.Name}, killed at boundary {at}: {crashed.Records} records instead of {item.Golden.Records}.");
            }
        }

        await Task.WhenAll(Enumerable.Range(0, all ? AtOnce : 1).Select(_ => WorkAsync()));
        output.WriteLine($"{template}: {names.Count} scenarios, {tried} crashes tried ({killed} deaths), {failures.Count} failed; seed {seed}.");
        Assert.True(failures.IsEmpty, $"seed {seed}:\n" + string.Join("\n", failures.Take(10)));
    }

    /// <summary>The vendor shows what was created only after a while; the engine dies when it has been created and nothing of the answer is on disk.</summary>
    [Theory]
    [InlineData("completed-job-to-opportunity")]
    [InlineData("low-rating-to-case")]
    [InlineData("customer-to-salesforce")]
    public async Task Created_the_answer_lost_with_the_process_and_shown_late_it_is_there_once(string template)
    {
        var files = Files(template);
        var name = NamesOf(files)[0];
        var golden = await RunAsync(files, name, new FlowTestTrouble { Counts = true });
        Assert.True(golden.Passed, Told(golden));
        var deaths = 0;
        var most = Environment.GetEnvironmentVariable("FLOW_CRASH_ALL") == "1" ? golden.Boundaries : Math.Min(3, golden.Boundaries);
        for (var at = 1; at <= most; at++)
        {
            var crashed = await RunAsync(files, name, new FlowTestTrouble { Kills = [at], LateVisibility = Late, Counts = true });
            deaths += crashed.Kills;
            Assert.True(crashed.Records == golden.Records, $"{name}, killed at boundary {at}: {crashed.Records} records instead of {golden.Records}. {Told(crashed)}");
        }

        Assert.True(deaths > 0);
    }

    private static async Task<FlowTestResult> RunAsync(IReadOnlyList<SourceText> files, string name, FlowTestTrouble trouble)
    {
        var report = await FlowTestRunner.RunAsync(files, new FlowTestOptions { Only = name, Trouble = trouble }, CancellationToken.None);
        return report.Tests.First(t => t.Test.Name.Value == name);
    }

    private static string Told(FlowTestResult result) => string.Join("; ", result.Failures.Select(f => $"{f.Place}: {f.Message} {string.Join(" | ", f.Details)}").Take(3));

    /// <summary>Scenarios without trouble of their own: what they expect says nothing of attempts.</summary>
    private static List<string> NamesOf(IReadOnlyList<SourceText> files)
    {
        var tests = TestsParser.Parse(files.First(f => f.Path.EndsWith("flow.tests.yaml", StringComparison.Ordinal))).Value!;
        return [.. tests.Tests.Where(t => t.Given.Faults.Count == 0 && tests.Defaults.Faults.Count == 0).Select(t => t.Name.Value)];
    }

    private static List<SourceText> Files(string template)
    {
        var root = Path.Combine(WorkspaceFolder.Repository(), "flows");
        return
        [
            .. Directory.EnumerateFiles(Path.Combine(root, template), "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".yaml" or ".csv").Order(StringComparer.Ordinal)
                .Select(f => new SourceText(Path.GetRelativePath(root, f), File.ReadAllText(f))),
        ];
    }
}
