using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Benchmarks.Growth;

/// <summary>The work that must not grow slower: events accepted, claimed and settled with a run, its effects and its memory, in groups of 200.</summary>
internal static class GrowthWork
{
    private const int Group = 200;
    private static readonly IReadOnlyList<int> AllLanes = [.. Enumerable.Range(0, Lane.Count)];
    private static readonly byte[] Payload = RandomNumberGenerator.GetBytes(1024);

    /// <summary>The milliseconds of each group from its claim until it was settled.</summary>
    public static async Task<IReadOnlyList<double>> SettleAsync(EngineStores stores, int groups, int from, DateTimeOffset begin)
    {
        var deployment = History.Deployments[0];
        var times = new List<double>(groups);
        for (var group = 0; group < groups; group++)
        {
            var events = Enumerable.Range(0, Group).Select(i => Event(deployment, string.Create(CultureInfo.InvariantCulture, $"work-{from}-{group}-{i}"), begin)).ToList();
            await stores.Writer.CommitAsync([.. events.Select(e => new ChangeSet([new AppendEvents([e])]))], default);
            var watch = Stopwatch.StartNew();
            var ready = await stores.Inbox.ReadReadyAsync(deployment, AllLanes, InFlight.None, Group, default);
            var work = await stores.Inbox.ReadWorkAsync([.. ready.Select(r => r.Id)], default);
            await stores.KeyStates.ReadAsync([.. ready.Select(r => r.Key)], default);
            await stores.Writer.CommitAsync([.. ready.Zip(work, (r, w) => new ChangeSet([new SaveCheckpoint(r.Key, r.Id, w.Payload)]))], default);
            await stores.Writer.CommitAsync([.. ready.Select((r, i) => new ChangeSet(Settlement(r, begin, from + (group * Group) + i)))], default);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        return times;
    }

    private static IReadOnlyList<StoreChange> Settlement(ReadyEvent item, DateTimeOffset begin, int number)
    {
        var id = History.RunId(number, begin) + "w";
        return
        [
            new SettleEvent(item.Key, item.Id, []),
            new SaveKeyState(item.Key, new KeyState { Memory = Enumerable.Range(0, 10).ToDictionary(i => $"customer/{item.RecordId}/field{i}", _ => "0123456789ab") }),
            new AddRun(new RunRow
            {
                Id = id, Deployment = item.Key.Deployment, FlowHash = "c8d666b6ac7d0ef345d2ba2ee1dcb7ad", EventId = item.Id, Trigger = "on", Key = item.Key.Key, RecordId = item.RecordId, Outcome = RunOutcome.Succeeded,
                AcceptedAt = item.ReceivedAt, StartedAt = begin, EndedAt = begin, Attempts = 1, Effects = 1, Priority = CallPriority.Live,
            }),
            new AddEffects([new EffectRow { Workspace = History.Workspace, Realm = History.Realm, Entity = "Account", RecordId = item.RecordId!, RunId = id, Step = "account", Verb = "updated", Fields = ["Name"], At = begin }]),
        ];
    }

    private static NewEvent Event(DeploymentRef deployment, string record, DateTimeOffset at) => new()
    {
        Deployment = deployment, Trigger = "on", Kind = EventKind.Change, Key = record, Lane = Lane.Of(deployment.Workspace, deployment.Id, record), Entity = "customer", RecordId = record, Version = "1",
        ContentHash = "0123456789abcdef", Payload = Payload, Full = true, Priority = CallPriority.Live, ReceivedAt = at,
    };
}
