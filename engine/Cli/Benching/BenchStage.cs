using System.Diagnostics;
using System.Globalization;
using WorkflowEngine.FlowTesting;
using WorkflowEngine.Simulators.Time;

namespace WorkflowEngine.Cli;

/// <summary>One run of the bench: two fresh systems, a fresh server, the sample's events in all copies, until nothing is left to do.</summary>
internal sealed class BenchStage(LoadSample sample, int copies, int latencyMs, Action<string> tell)
{
    private const int CallsAtOnce = 32;

    /// <summary>So many that the day's share is not what is measured.</summary>
    private const int AllCalls = 10_000_000;

    /// <summary>Looks without any movement before it is taken for rest.</summary>
    private const int Still = 10;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(2);

    /// <summary>What time passes for sources that are asked rarely: a poll, the longest poll of a vendor.</summary>
    private static readonly TimeSpan[] Passes = [TimeSpan.FromSeconds(61), TimeSpan.FromMinutes(16), TimeSpan.FromMinutes(16)];

    private readonly SkipClock _clock = new(sample.Now - TimeSpan.FromDays(1) - TimeProvider.System.GetUtcNow());
    private readonly List<(DateTimeOffset At, TimeSpan By)> _skips = [];
    private string _clockFile = "";
    private BenchServer _server = null!;
    private long _ended;

    public async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        await using var twins = await OfflineTwins.StartAsync((0, 0), 1, latencyMs, cancellationToken, _clock, sample.PersonAccounts, AllCalls).ConfigureAwait(false);
        using var load = new SampleLoad(sample, twins.ServiceTitan, twins.Salesforce);
        // What is given stands there since yesterday: the server, deployed now, does not take it for news.
        if (await load.GiveAsync(copies, copy => Progress("Records that stand there before", copy), cancellationToken).ConfigureAwait(false) is { } refused) throw new UnusableException(refused);
        _clock.Skip(TimeSpan.FromDays(1));
        _clockFile = Path.Combine(twins.Folder, "clock");
        Ahead();
        foreach (var source in sample.Sources)
        {
            var target = Path.Combine(twins.Folder, "flows", sample.DeployedAs, source.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await File.WriteAllTextAsync(target, source.Content, cancellationToken).ConfigureAwait(false);
        }

        twins.Deploy("bench", load.Deployment("bench", BenchServer.Token));
        tell("The server starts …");
        await using var server = _server = await BenchServer.StartAsync(twins.Folder, _clockFile, cancellationToken).ConfigureAwait(false);
        var (calls, processor) = (Calls(twins), server.Processor);
        var busy = TimeSpan.Zero;
        var seen = DateTimeOffset.MinValue;
        for (var step = 0; step < load.Steps.Count; step++)
        {
            await PassAsync(load.Steps[step].After, cancellationToken).ConfigureAwait(false);
            await HappenAsync(load, step, cancellationToken).ConfigureAwait(false);
            var before = _ended;
            await RestAsync(cancellationToken).ConfigureAwait(false);
            // A source that is asked rarely has not been asked yet.
            for (var pass = 0; pass < Passes.Length && _ended - before < copies; pass++) await PassAsync(Passes[pass], cancellationToken).ConfigureAwait(false);
        }

        var spent = server.Processor - processor;
        var runs = (await server.RunsAsync(cancellationToken).ConfigureAwait(false)).Select(r => r with { AcceptedAt = Real(r.AcceptedAt), EndedAt = Real(r.EndedAt) }).ToList();
        // Each stretch in which something ran counts, time in which nothing was there to do does not.
        foreach (var run in runs.OrderBy(r => r.AcceptedAt))
        {
            if (run.EndedAt <= seen) continue;
            busy += run.EndedAt - (run.AcceptedAt > seen ? run.AcceptedAt : seen);
            seen = run.EndedAt;
        }

        var (accepted, ended, _) = await server.CountersAsync(cancellationToken).ConfigureAwait(false);
        if (accepted == 0) throw new UnusableException($"No event came of the test '{sample.Test}'. {string.Join(" ", await server.PausesAsync(cancellationToken).ConfigureAwait(false))}");
        var waiting = await server.WaitingAsync(cancellationToken).ConfigureAwait(false);
        var failed = runs.Where(r => r.Outcome == "failed").ToList();
        var latencies = runs.Select(r => (r.EndedAt - r.AcceptedAt).TotalMilliseconds).Order().ToList();
        return new BenchReport
        {
            Template = sample.Template, Test = sample.Test, LatencyMs = latencyMs, Events = accepted, EventsPerSecond = Math.Round(ended / Math.Max(0.001, busy.TotalSeconds), 1),
            P50Ms = Percentile(latencies, 0.50), P99Ms = Percentile(latencies, 0.99),
            CallsPer1000 = Math.Round((Calls(twins) - calls) * 1000.0 / accepted, 1), CpuSecondsPer1000 = Math.Round(spent.TotalSeconds * 1000 / accepted, 3),
            PeakMemoryMb = Math.Round(server.PeakMemory / 1048576.0, 1), RecordsWritten = runs.Sum(r => (long)r.Effects), Failures = failed.Count + waiting,
            FailedBecause = [.. failed.GroupBy(r => r.Text ?? "").OrderByDescending(g => g.Count()).Take(3).Select(g => $"{g.Count().ToString(CultureInfo.InvariantCulture)} failed: {g.Key}")],
            Runs = runs.GroupBy(r => r.Outcome).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count()),
            StartUpSeconds = Math.Round(server.StartUp.TotalSeconds, 2), Processors = Environment.ProcessorCount,
        };
    }

    /// <summary>A moment of the skipping time without what was skipped before it.</summary>
    private DateTimeOffset Real(DateTimeOffset moment) =>
        moment - _skips.Where(s => s.At < moment).Aggregate(TimeSpan.Zero, (sum, s) => sum + (moment - s.At < s.By ? moment - s.At : s.By));

    private static long Calls(OfflineTwins twins) => twins.ServiceTitan.Statistics.Total + twins.Salesforce.Statistics.Total;

    private static double Percentile(List<double> sorted, double part) => sorted.Count == 0 ? 0 : Math.Round(sorted[(int)Math.Min(sorted.Count - 1, Math.Floor(sorted.Count * part))], 1);

    private async Task HappenAsync(SampleLoad load, int step, CancellationToken cancellationToken)
    {
        if (!load.Steps[step].IsCall)
        {
            for (var copy = 1; copy <= copies; copy++)
            {
                if (await load.HappenAsync(step, copy, cancellationToken).ConfigureAwait(false) is { } refused) throw new UnusableException(refused);
                Progress("What happens in the test, in copies", copy);
            }

            return;
        }

        var deployment = await _server.DeploymentOfAsync(load.Call(step, 1).Flow, cancellationToken).ConfigureAwait(false);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(1, copies), parallel, async (copy, cancel) =>
        {
            var (_, hook, payload) = load.Call(step, copy);
            await _server.CallAsync(deployment, hook, payload, cancel).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    private async Task RestAsync(CancellationToken cancellationToken)
    {
        var moved = Stopwatch.StartNew();
        for (var (still, seen) = (0, -1L); still < Still;)
        {
            await Task.Delay(Look, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            var (accepted, ended, memory) = await _server.CountersAsync(cancellationToken).ConfigureAwait(false);
            _ended = ended;
            tell(string.Create(CultureInfo.InvariantCulture, $"{accepted:N0} events accepted, {ended:N0} runs ended …"));
            if (accepted + ended != seen) moved.Restart();
            // What was accepted and waits for its time may stay; what only waits for its turn gets it within a few looks.
            still = accepted + ended != seen || memory > 0 ? 0 : still + 1;
            seen = accepted + ended;
            if (moved.Elapsed > Stuck)
            {
                throw new UnusableException($"Nothing moved for two minutes: {accepted} events accepted, {ended} runs ended. {string.Join(" ", await _server.PausesAsync(cancellationToken).ConfigureAwait(false))}");
            }
        }
    }

    /// <summary>Time passes for the systems and the server alike.</summary>
    private async Task PassAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        if (time <= TimeSpan.Zero) return;
        _skips.Add((_clock.GetUtcNow(), time));
        _clock.Skip(time);
        Ahead();
        await RestAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Written beside and moved, so that nobody reads half a number.</summary>
    private void Ahead()
    {
        File.WriteAllText(_clockFile + ".new", _clock.Ahead.Ticks.ToString(CultureInfo.InvariantCulture));
        File.Move(_clockFile + ".new", _clockFile, overwrite: true);
    }

    private void Progress(string what, int copy)
    {
        if (copy % 100 == 0 || copy == copies) tell(string.Create(CultureInfo.InvariantCulture, $"{what}: {copy:N0} of {copies:N0}"));
    }
}
