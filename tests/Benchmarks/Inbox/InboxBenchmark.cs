using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;
using WorkflowEngine.Storage.PostgreSql;
using WorkflowEngine.Storage.Sqlite;

namespace WorkflowEngine.Benchmarks;

/// <summary>
/// Events per second of the inbox: accepting 1 KB events in groups, and claiming and settling them. Everything is on: encryption, deduplication, durable commits.
/// <c>--events N</c> sets how many (default 20,000), <c>--repeats N</c> of how many runs the median is taken (default 3). PostgreSQL is the one of WORKFLOW_POSTGRES.
/// </summary>
internal static class InboxBenchmark
{
    private static readonly int[] Groups = [1, 64, 200];
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeploymentRef Deployment = new("default", new Guid("22222222-2222-2222-2222-222222222222"));
    private static readonly IReadOnlyList<int> AllLanes = [.. Enumerable.Range(0, Lane.Count)];
    private static readonly byte[] Payload = RandomNumberGenerator.GetBytes(1024);

    public static async Task<int> RunAsync(string[] args)
    {
        var events = Arguments.Number(args, "--events", 20_000);
        var repeats = Arguments.Number(args, "--repeats", 3);
        var columns = new List<(string Name, Dictionary<string, double> Rates)>();
        columns.Add(("SQLite FULL", await MeasureAsync(OpenSqliteAsync, events, repeats)));
        var server = Environment.GetEnvironmentVariable("WORKFLOW_POSTGRES");
        if (!string.IsNullOrEmpty(server)) columns.Add(("PostgreSQL", await MeasureAsync(() => OpenPostgreSqlAsync(server), events, repeats)));

        var output = Console.Out;
        await output.WriteLineAsync($"| inbox, events/s (1 KB, encrypted; median of {repeats}) | {string.Join(" | ", columns.Select(column => column.Name))} |");
        await output.WriteLineAsync($"|---|{string.Concat(columns.Select(_ => "---:|"))}");
        foreach (var row in columns[0].Rates.Keys)
        {
            await output.WriteLineAsync($"| {row} | {string.Join(" | ", columns.Select(column => column.Rates[row].ToString("N0", CultureInfo.InvariantCulture)))} |");
        }

        if (columns.Count == 1) await output.WriteLineAsync("PostgreSQL was left out: WORKFLOW_POSTGRES names no server.");
        return 0;
    }

    private static async Task<Dictionary<string, double>> MeasureAsync(Func<Task<(EngineStores Stores, Action Remove)>> open, int events, int repeats)
    {
        var samples = new Dictionary<string, List<double>>();
        for (var repeat = 0; repeat <= repeats; repeat++)
        {
            foreach (var group in Groups)
            {
                // One event per transaction waits for the disk each time: fewer say as much.
                var count = group == 1 ? Math.Max(1, events / 20) : events;
                var (stores, remove) = await open();
                await using (stores)
                {
                    var accept = await AcceptAsync(stores, count, group);
                    if (repeat > 0) Add($"accept, {group} per transaction", accept);
                    if (group == 200)
                    {
                        var settle = await SettleAsync(stores, group, withRun: false);
                        if (repeat > 0) Add("claim + settle, 200 per transaction", settle);
                        await AcceptAsync(stores, count, group);
                        settle = await SettleAsync(stores, group, withRun: true);
                        if (repeat > 0) Add("claim + settle with checkpoint, memory, run and effect", settle);
                    }
                }

                remove();
            }
        }

        return samples.ToDictionary(pair => pair.Key, pair => pair.Value.Order().ElementAt(pair.Value.Count / 2));

        void Add(string name, double rate)
        {
            if (!samples.TryGetValue(name, out var list)) samples[name] = list = [];
            list.Add(rate);
        }
    }

    private static async Task<double> AcceptAsync(EngineStores stores, int count, int group)
    {
        var batch = Guid.NewGuid().ToString("N");
        var events = Enumerable.Range(0, count).Select(i => Event($"{batch}-{i}")).ToList();
        var watch = Stopwatch.StartNew();
        foreach (var chunk in events.Chunk(group)) await stores.Writer.CommitAsync([.. chunk.Select(item => new ChangeSet([new AppendEvents([item])]))], default);
        return count / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> SettleAsync(EngineStores stores, int group, bool withRun)
    {
        var settled = 0;
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var ready = await stores.Inbox.ReadReadyAsync(Deployment, AllLanes, InFlight.None, group, default);
            if (ready.Count == 0) return settled / watch.Elapsed.TotalSeconds;
            var work = await stores.Inbox.ReadWorkAsync([.. ready.Select(item => item.Id)], default);
            if (withRun)
            {
                await stores.KeyStates.ReadAsync([.. ready.Select(item => item.Key)], default);
                await stores.Writer.CommitAsync([.. work.Zip(ready, (item, at) => new ChangeSet([new SaveCheckpoint(at.Key, item.Id, item.Payload)]))], default);
            }

            await stores.Writer.CommitAsync([.. ready.Select(item => new ChangeSet(Settlement(item, withRun)))], default);
            settled += ready.Count;
        }
    }

    private static IReadOnlyList<StoreChange> Settlement(ReadyEvent item, bool withRun)
    {
        var settle = new SettleEvent(item.Key, item.Id, []);
        if (!withRun) return [settle];
        var id = item.Id.ToString("x16", CultureInfo.InvariantCulture);
        var run = new RunRow
        {
            Id = id, Deployment = Deployment, FlowHash = "hash", EventId = item.Id, Trigger = item.Trigger, Key = item.Key.Key, RecordId = item.RecordId,
            Outcome = RunOutcome.Succeeded, AcceptedAt = item.ReceivedAt, StartedAt = Start, EndedAt = Start, Attempts = 1, Effects = 1, Priority = item.Priority,
        };
        var effect = new EffectRow
        {
            Workspace = "default", Realm = "org", Entity = "Contact", RecordId = item.RecordId!, RunId = id, Step = "contact", Verb = "created", Fields = ["LastName"], At = Start,
        };
        var memory = new KeyState { Memory = Enumerable.Range(0, 10).ToDictionary(i => $"Customer/{item.RecordId}/field{i}", _ => "0123456789ab") };
        return [settle, new SaveKeyState(item.Key, memory), new AddRun(run), new AddEffects([effect])];
    }

    private static NewEvent Event(string record) => new()
    {
        Deployment = Deployment,
        Trigger = "changed",
        Kind = EventKind.Change,
        Key = record,
        Lane = Lane.Of(Deployment.Workspace, Deployment.Id, record),
        Entity = "Customer",
        RecordId = record,
        Version = "2026-03-01T11:59:00Z",
        ContentHash = "0123456789abcdef",
        Payload = Payload,
        Full = true,
        Priority = CallPriority.Live,
        ReceivedAt = Start,
    };

    private static async Task<(EngineStores, Action)> OpenSqliteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("inbox-benchmark-").FullName;
        var stores = await SqliteStorage.OpenAsync(new StorageOptions { Path = Path.Combine(folder, "engine.db"), MasterKey = new byte[MasterKeyFile.KeyLength] });
        return (stores, () => Directory.Delete(folder, recursive: true));
    }

    /// <summary>In the database given, whose events of this benchmark are all settled at its end.</summary>
    private static async Task<(EngineStores, Action)> OpenPostgreSqlAsync(string server)
    {
        var stores = await PostgreSqlStorage.OpenAsync(new StorageOptions { ConnectionString = server, MasterKey = new byte[MasterKeyFile.KeyLength] });
        await SettleAsync(stores, 1000, withRun: false);
        return (stores, () => { });
    }
}
