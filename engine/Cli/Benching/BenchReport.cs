using System.Globalization;

namespace WorkflowEngine.Cli;

/// <summary>What one run of the bench measured.</summary>
internal sealed record BenchReport
{
    public required string Template { get; init; }

    public required string Test { get; init; }

    public required int LatencyMs { get; init; }

    /// <summary>Events accepted.</summary>
    public required long Events { get; init; }

    /// <summary>While events arrived or ran, from the first acceptance to the last end of a run.</summary>
    public required double EventsPerSecond { get; init; }

    /// <summary>From acceptance to the end of the run.</summary>
    public required double P50Ms { get; init; }

    public required double P99Ms { get; init; }

    /// <summary>Calls that reached the vendors, polls and tokens among them.</summary>
    public required double CallsPer1000 { get; init; }

    /// <summary>Of the server's process alone.</summary>
    public required double CpuSecondsPer1000 { get; init; }

    public required double PeakMemoryMb { get; init; }

    /// <summary>Records made or changed in both systems by the flow.</summary>
    public required long RecordsWritten { get; init; }

    /// <summary>Runs that failed, and events that were never settled.</summary>
    public required long Failures { get; init; }

    /// <summary>The most frequent words of failed runs.</summary>
    public required IReadOnlyList<string> FailedBecause { get; init; }

    /// <summary>Runs by how they ended.</summary>
    public required IReadOnlyDictionary<string, int> Runs { get; init; }

    public required double StartUpSeconds { get; init; }

    public required int Processors { get; init; }

    /// <summary>The middle of several, figure by figure.</summary>
    public static BenchReport Median(IReadOnlyList<BenchReport> all) => all[0] with
    {
        Events = (long)Middle(all, r => r.Events), EventsPerSecond = Middle(all, r => r.EventsPerSecond), P50Ms = Middle(all, r => r.P50Ms), P99Ms = Middle(all, r => r.P99Ms),
        CallsPer1000 = Middle(all, r => r.CallsPer1000), CpuSecondsPer1000 = Middle(all, r => r.CpuSecondsPer1000), PeakMemoryMb = Middle(all, r => r.PeakMemoryMb),
        RecordsWritten = (long)Middle(all, r => r.RecordsWritten), Failures = all.Max(r => r.Failures), FailedBecause = [.. all.SelectMany(r => r.FailedBecause).Distinct().Take(3)],
        StartUpSeconds = Middle(all, r => r.StartUpSeconds),
    };

    public static void Show(Terminal terminal, IReadOnlyList<BenchReport> all)
    {
        var rows = all.Select((r, i) => r.Cells(all.Count == 1 ? "" : (i + 1).ToString(CultureInfo.InvariantCulture))).ToList();
        if (all.Count > 1) rows.Add(Median(all).Cells("median"));
        terminal.Table(["run", "events", "events/s", "p50 ms", "p99 ms", "calls/1,000", "CPU s/1,000", "peak MB", "written", "failures", "start-up s"], rows);
        foreach (var why in all.SelectMany(r => r.FailedBecause).Distinct().Take(3)) terminal.Problem(why);
    }

    private static double Middle(IReadOnlyList<BenchReport> all, Func<BenchReport, double> of) => all.Select(of).Order().ElementAt((all.Count - 1) / 2);

    private IReadOnlyList<string> Cells(string run) =>
    [
        run, Events.ToString("N0", CultureInfo.InvariantCulture), Text(EventsPerSecond, "N0"), Text(P50Ms, "N0"), Text(P99Ms, "N0"), Text(CallsPer1000, "0.#"), Text(CpuSecondsPer1000, "0.00"), Text(PeakMemoryMb, "N0"),
        RecordsWritten.ToString("N0", CultureInfo.InvariantCulture), Failures.ToString("N0", CultureInfo.InvariantCulture), Text(StartUpSeconds, "0.00"),
    ];

    private static string Text(double value, string form) => value.ToString(form, CultureInfo.InvariantCulture);
}
