using System.Diagnostics;
using System.Globalization;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;
using WorkflowEngine.Storage.Sqlite;

namespace WorkflowEngine.Benchmarks.Growth;

/// <summary>
/// What grows with the years must not make the engine slower: runs in the history, versions of a flow, deployments. <c>--runs N</c>, <c>--versions N</c>, <c>--deployments N</c> set how far it goes
/// (1,000,000, 1,000, 1,000), <c>--out FOLDER</c> where the pictures go (default: none are drawn). SQLite, durable; the server in this process.
/// </summary>
internal static class GrowthBenchmark
{
    private const int Groups = 20;
    private const int Calls = 20;
    private const int Runs = 60;
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task<int> RunAsync(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("growth-").FullName;
        try
        {
            // What is compiled for the first time is not what grows.
            await WarmAsync(Path.Combine(folder, "warm.db"));
            var history = await HistoryAsync(Path.Combine(folder, "history.db"), Arguments.Number(args, "--runs", 1_000_000));
            Show("runs in history", history);
            await RetentionAsync(Path.Combine(folder, "history.db"), history[^1].Size);
            var versions = await VersionsAsync(folder, Arguments.Number(args, "--versions", 1_000));
            Show("flow versions", versions);
            var deployments = await DeploymentsAsync(folder, Arguments.Number(args, "--deployments", 1_000));
            Show("deployments", deployments);
            if (Arguments.Text(args, "--out") is { } pictures)
            {
                Directory.CreateDirectory(pictures);
                await File.WriteAllTextAsync(Path.Combine(pictures, "growth-runs.svg"), GrowthPlot.Of("Figures over runs in history, each against its largest", "runs", history));
                await File.WriteAllTextAsync(Path.Combine(pictures, "growth-versions.svg"), GrowthPlot.Of("Figures over flow versions, each against its largest", "flow versions", versions));
                await File.WriteAllTextAsync(Path.Combine(pictures, "growth-deployments.svg"), GrowthPlot.Of("Figures over deployments, each against its largest", "deployments", deployments));
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task WarmAsync(string database)
    {
        await using (var stores = await OpenAsync(database))
        {
            await History.FillAsync(stores, 0, 1_000, Begin);
            await GrowthWork.SettleAsync(stores, Groups, 0, Begin);
        }

        await using var server = await GrowthServer.StartAsync(database, 2);
        foreach (var path in Paths(500)) await server.MedianAsync(path.Value, Calls);
        await server.RunsAsync(Runs, 2);
    }

    private static Dictionary<string, string> Paths(int runs) => new()
    {
        ["newest runs ms"] = "/api/runs",
        ["runs of a key ms"] = $"/api/runs?key=customer-{runs / 2}",
        ["failed runs ms"] = "/api/runs?outcome=failed",
        ["one run ms"] = $"/api/runs/{History.RunId(runs / 2, Begin)}",
        ["why ms"] = $"/api/why?connection=salesforce&entity=Account&record={History.Record(runs / 2)}&field=Phone",
        ["deployments ms"] = "/api/deployments",
    };

    private static async Task<IReadOnlyList<Figures>> HistoryAsync(string database, int most)
    {
        var result = new List<Figures>();
        var there = 0;
        foreach (var size in Sizes(1_000, most))
        {
            await using (var stores = await OpenAsync(database))
            {
                await History.FillAsync(stores, there, size, Begin);
                there = size;
            }

            var bytes = new FileInfo(database).Length;
            IReadOnlyList<double> settle;
            await using (var stores = await OpenAsync(database)) settle = await GrowthWork.SettleAsync(stores, Groups, most + ((result.Count + 1) * 10_000), Begin);
            await using var server = await GrowthServer.StartAsync(database, 1);
            var values = new List<(string, double)> { ("claim + settle 200 ms", Figures.Median(settle)), ("its p95 ms", Figures.Part(settle, 0.95)) };
            foreach (var (name, path) in Paths(size)) values.Add((name, await server.MedianAsync(path, Calls)));
            values.Add(("start-up ms", server.StartUp.TotalMilliseconds));
            values.Add(("heap MB", GC.GetTotalMemory(forceFullCollection: true) / 1048576.0));
            values.Add(("KB per 1,000 runs", bytes / 1024.0 / (size / 1000.0)));
            result.Add(new Figures(size, values));
        }

        return result;
    }

    /// <summary>Work beside nothing, and beside a retention that forgets the older half as fast as it may.</summary>
    private static async Task RetentionAsync(string database, int runs)
    {
        await using var stores = await OpenAsync(database);
        var quiet = await GrowthWork.SettleAsync(stores, Groups, (runs * 2) + 100_000, Begin);
        var half = Begin.AddMilliseconds(runs / 2 * 600L);
        using var stop = new CancellationTokenSource();
        var (forgotten, longest) = (0, 0.0);
        var forgetting = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var watch = Stopwatch.StartNew();
                var some = await stores.History.ForgetAsync(half, half, RetentionStretch, default);
                longest = Math.Max(longest, watch.Elapsed.TotalMilliseconds);
                if (some == 0) return;
                forgotten += some;
                await Task.Delay(RetentionPause);
            }
        });
        var beside = await GrowthWork.SettleAsync(stores, Groups * 3, (runs * 2) + 200_000, Begin);
        await stop.CancelAsync();
        await forgetting;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Retention at {runs:N0} runs: claim + settle of 200 takes {Figures.Median(quiet):0.0} ms (p95 {Figures.Part(quiet, 0.95):0.0}) alone, {Figures.Median(beside):0.0} ms (p95 {Figures.Part(beside, 0.95):0.0}) beside it; {forgotten:N0} rows forgotten, the longest stretch {longest:0.0} ms.\n"));
    }

    private static readonly TimeSpan RetentionPause = TimeSpan.FromMilliseconds(200);
    private const int RetentionStretch = 2_000;

    private static async Task<IReadOnlyList<Figures>> VersionsAsync(string folder, int most)
    {
        var result = new List<Figures>();
        var database = Path.Combine(folder, "versions.db");
        var there = 0;
        // About what the largest template is.
        var sources = "[{\"Path\":\"flow.yaml\",\"Content\":\"" + new string('x', 20_000) + "\"}]";
        foreach (var size in Sizes(1, most))
        {
            IReadOnlyList<double> settle;
            await using (var stores = await OpenAsync(database))
            {
                if (there == 0) await History.FillAsync(stores, 0, 1_000, Begin);
                for (; there < size; there++)
                {
                    await stores.Deployments.SaveFlowVersionAsync(new FlowVersionRecord(History.Workspace, there.ToString("x32", CultureInfo.InvariantCulture), "grown", sources, Begin), default);
                }

                settle = await GrowthWork.SettleAsync(stores, Groups, (result.Count + 1) * 10_000, Begin);
            }

            await using var server = await GrowthServer.StartAsync(database, 1);
            var values = new List<(string, double)> { ("claim + settle 200 ms", Figures.Median(settle)) };
            foreach (var (name, path) in Paths(1_000).Where(p => p.Key is "newest runs ms" or "why ms" or "deployments ms")) values.Add((name, await server.MedianAsync(path, Calls)));
            values.Add(("call to end of run ms", Figures.Median(await server.RunsAsync(Runs, 1))));
            values.Add(("start-up ms", server.StartUp.TotalMilliseconds));
            values.Add(("heap MB", GC.GetTotalMemory(forceFullCollection: true) / 1048576.0));
            result.Add(new Figures(size, values));
        }

        return result;
    }

    private static async Task<IReadOnlyList<Figures>> DeploymentsAsync(string folder, int most)
    {
        var result = new List<Figures>();
        foreach (var size in Sizes(1, most))
        {
            var database = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"deployments-{size}.db"));
            await using (var stores = await OpenAsync(database)) await History.FillAsync(stores, 0, 1_000, Begin);
            double first;
            await using (var server = await GrowthServer.StartAsync(database, size)) first = server.StartUp.TotalMilliseconds;
            await using var again = await GrowthServer.StartAsync(database, size);
            var runs = await again.RunsAsync(Runs, size);
            result.Add(new Figures(size,
            [
                ("call to end of run ms", Figures.Median(runs)),
                ("its p95 ms", Figures.Part(runs, 0.95)),
                ("newest runs ms", await again.MedianAsync("/api/runs", Calls)),
                ("deployments ms", await again.MedianAsync("/api/deployments", Calls)),
                ("first start ms each", first / size),
                ("start-up ms", again.StartUp.TotalMilliseconds),
                ("heap MB", GC.GetTotalMemory(forceFullCollection: true) / 1048576.0),
            ]));
        }

        return result;
    }

    private static IEnumerable<int> Sizes(int from, int most)
    {
        for (long size = from; size < most; size *= 10) yield return (int)size;
        yield return most;
    }

    private static void Show(string what, IReadOnlyList<Figures> all)
    {
        Console.WriteLine($"| {what} | {string.Join(" | ", all[0].Values.Select(v => v.Name))} |\n|---:|{string.Concat(all[0].Values.Select(_ => "---:|"))}");
        foreach (var figures in all) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {figures.Size:N0} | {string.Join(" | ", figures.Values.Select(v => v.Value.ToString(v.Value < 10 ? "0.00" : "N0", CultureInfo.InvariantCulture)))} |"));
        Console.WriteLine();
    }

    private static Task<EngineStores> OpenAsync(string database) => SqliteStorage.OpenAsync(new StorageOptions { Path = database, MasterKey = new byte[32] });
}
