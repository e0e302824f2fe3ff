using WorkflowEngine.Abstractions;
using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Plays a history and says which invariant it broke.</summary>
/// <param name="seed">Chooses vendors, faults and what is chance.</param>
/// <param name="steps">What happens.</param>
/// <param name="join">Rows of several runs share calls.</param>
/// <param name="nodes">How many processes share the store.</param>
internal sealed class History(int seed, IReadOnlyList<HistoryStep> steps, bool join, int nodes = 1)
{
    private readonly Random _faults = new(seed);
    private readonly Dictionary<int, string> _people = [];
    private readonly Dictionary<string, Dictionary<string, object?>> _first = [];
    private readonly Lock _gate = new();
    private int _failing;

    /// <summary>Null: every invariant holds.</summary>
    public async Task<string?> PlayAsync()
    {
        await using var harness = nodes == 1 ? Shapes.Harness() : Shapes.Harness(new ClusterHarness(nodes, seed));
        harness.Batching = new BatcherOptions { Join = join };
        harness.TargetBatch = 1 + (seed % 7);
        harness.TargetRate = seed % 3 == 0 ? 1 + (seed % 9) : null;
        harness.Options = harness.Options with { Window = 3 + (seed % 40) };
        // Every second vendor has jobs.
        harness.Target.Jobs.LeastRows = seed % 2 == 0 ? 1 + (seed % 3) : null;
        harness.Target.Jobs.Takes = TimeSpan.FromSeconds(seed % 200);
        harness.Target.Jobs.SilentAtEvery = seed % 8 == 0 ? 3 : 0;
        harness.Target.Jobs.EndsAfter = seed % 10 == 0 ? 2 : null;
        harness.Target.Lateness = TimeSpan.FromSeconds(seed % 55);
        harness.Target.Faults = (what, _) => Weather(what);
        var customers = harness.Deploy(Shapes.Customers());
        var leads = harness.Deploy(Shapes.Leads());
        await harness.StartAsync();
        foreach (var step in steps) await PlayAsync(harness, [customers, leads], step);
        _failing = 0;
        (harness as ClusterHarness)?.Heal();
        await harness.DrainAsync(TimeSpan.FromDays(2));

        // Who was in flight at two crashes is a dead letter by rule; a person replays it.
        foreach (var letter in harness.Stores.AllLetters.Where(l => l.Content.Code == "deaths").ToList())
        {
            await harness.Runtime.Replayer.ReplayAsync(RuntimeHarness.Workspace, letter.Id, fromStep: true, CancellationToken.None);
            await harness.DrainAsync(TimeSpan.FromDays(2));
        }

        Moves = (harness as ClusterHarness)?.Moves ?? 0;
        Jobs = harness.Target.Jobs.All.Count(j => j.Rows.Count > 0);
        return Judge(harness);
    }

    /// <summary>Jobs whose rows came to the vendor.</summary>
    public int Jobs { get; private set; }

    /// <summary>How often a lane went to another node.</summary>
    public int Moves { get; private set; }

    private async Task PlayAsync(RuntimeHarness harness, DeploymentRef[] deployments, HistoryStep step)
    {
        switch (step.Act)
        {
            case HistoryAct.Hint or HistoryAct.Full:
                var id = Edit(harness, step);
                foreach (var deployment in deployments) await harness.ChangedAsync(deployment, id, step.Act == HistoryAct.Hint);
                break;
            case HistoryAct.Again when _people.TryGetValue(step.Person, out var known):
                foreach (var deployment in deployments) await harness.ChangedAsync(deployment, known);
                break;
            case HistoryAct.OldNews when _people.TryGetValue(step.Person, out var known):
                foreach (var deployment in deployments) await OldAsync(harness, deployment, known);
                break;
            case HistoryAct.Backfill when _people.Count > 0:
                foreach (var deployment in deployments)
                {
                    await harness.Runtime.Backfills.BeginAsync(harness.Runtime.Registry.Find(deployment)!, new BackfillOrder { Records = [.. _people.Values] }, "kim", CancellationToken.None);
                }

                break;
            case HistoryAct.Wait:
                harness.Time.Advance(TimeSpan.FromSeconds(step.Value));
                break;
            case HistoryAct.Settle:
                await harness.IdleAsync();
                break;
            case HistoryAct.Restart:
                await harness.RestartAsync();
                break;
            case HistoryAct.Move when harness is ClusterHarness cluster:
                cluster.Move(1 + step.Value);
                break;
            case HistoryAct.Cut when harness is ClusterHarness cluster:
                await cluster.CutAsync();
                break;
            case HistoryAct.Heal when harness is ClusterHarness cluster:
                cluster.Heal();
                break;
            case HistoryAct.Weather:
                _failing = step.Value;
                break;
        }
    }

    private string Edit(RuntimeHarness harness, HistoryStep step)
    {
        // Few addresses for many people: claims and owned records are the rule here.
        var email = step.Value % 5 == 4 ? null : $"home{step.Value % 3}@example.com";
        _people.TryGetValue(step.Person, out var id);
        id = harness.Person($"N{step.Value}", email, $"{step.Value}", id);
        _people[step.Person] = id;
        var record = harness.Source.All("customer").First(r => (string)r["id"]! == id);
        _first.TryAdd(id, record);
        return id;
    }

    private async Task OldAsync(RuntimeHarness harness, DeploymentRef deployment, string id)
    {
        var active = harness.Runtime.Registry.Find(deployment)!;
        var record = _first[id];
        var factory = new EventFactory(null!, harness.Time);
        var row = new SourceRow { RecordId = id, Record = record, Version = (string)record["version"]! };
        await harness.Runtime.Intake.AppendAsync(factory.Change(active, active.Flow.Triggers[0], row, id, record, CallPriority.Backfill));
    }

    private FakeFault Weather(string what)
    {
        lock (_gate)
        {
            if (_faults.Next(100) >= _failing) return FakeFault.None;
            return _faults.Next(5) switch
            {
                0 => FakeFault.RateLimited,
                1 => FakeFault.Unavailable,
                2 => what == "read" ? FakeFault.Locked : FakeFault.LostAnswer,
                3 => FakeFault.LostBefore,
                _ => FakeFault.Locked,
            };
        }
    }

    private string? Judge(RuntimeHarness harness)
    {
        var stores = harness.Stores;
        if (stores.Pending > 0) return $"{stores.Pending} events are lost in the inbox; next due {stores.NextDue}\n{stores.Left}\n{harness.Runtime.RunsInMemory} in memory, next {harness.Runtime.NextDue}";
        var letter = stores.AllLetters.FirstOrDefault(l => l.Content.Code != "deaths" || l.State == DeadLetterState.Open)?.Content;
        if (letter is not null) return $"dead letter: {letter.Step} {letter.Code} {letter.Message}\n{string.Join("\n", letter.Attempts)}\n";
        var twice = stores.AllRuns.GroupBy(r => r.EventId).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) return $"event {twice.Key} was settled {twice.Count()} times";
        foreach (var key in stores.AllRuns.GroupBy(r => (r.Deployment, r.Key)))
        {
            var ids = key.Select(r => r.EventId).ToList();
            if (!ids.SequenceEqual(ids.Order())) return $"key {key.Key} ran out of order: {string.Join(",", ids)}";
        }

        foreach (var id in _people.Values)
        {
            var person = harness.Source.All("customer").First(r => (string)r["id"]! == id);
            if (One(harness, "Account", "CustomerId", id, ("Name", person["name"]), ("Phone", person["phone"])) is { } account) return account;
            if (One(harness, "Lead", "Ref", id, ("Name", person["name"])) is { } lead) return lead;
            var contacts = harness.Target.All("Contact").Count(c => (string?)c["PersonKey"] == id + "/primary");
            if (contacts > 1) return $"{contacts} contacts of {id}";
            if (person["email"] is { } email && One(harness, "Contact", "PersonKey", id + "/primary", ("Email", email), ("LastName", person["name"])) is { } contact) return contact;
        }

        if (harness.TargetRate is { } rate && Overdrawn(harness.Target.CallTimes, rate) is { } overdrawn) return overdrawn;
        var strangers = harness.Target.All("Lead").Count - _people.Count;
        return strangers == 0 ? null : $"{strangers} leads too many";
    }

    /// <summary>
    /// The n-th call of a process never comes before its turn, counted from when the first one was asked for. A window that slides would be wrong: a call may come later than its turn, and then
    /// beside the next one. A wait is cut to whole milliseconds and the step between
    /// two calls to whole ticks: so much earlier a call may come, and no more.
    /// </summary>
    private static string? Overdrawn(IReadOnlyList<IReadOnlyList<DateTimeOffset>> processes, double rate)
    {
        foreach (var calls in processes)
        {
            for (var i = 1; i < calls.Count; i++)
            {
                var earliest = calls[0] + TimeSpan.FromSeconds((i - 1) / rate) - TimeSpan.FromMilliseconds(1) - TimeSpan.FromTicks(i);
                if (calls[i] < earliest) return $"call {i} came {(earliest - calls[i]).TotalSeconds:0.###} s before the budget of {rate} a second allowed it";
            }
        }

        return null;
    }

    /// <summary>What wrote the records in question, and what the runs told: for whoever looks for the cause.</summary>
    private static string Told(RuntimeHarness harness, string entity, List<Dictionary<string, object?>> found)
    {
        var told = new System.Text.StringBuilder();
        foreach (var record in found) told.AppendLine(string.Join(", ", record.Select(f => $"{f.Key}={f.Value}")));
        var ids = found.Select(f => (string)f["id"]!).ToHashSet();
        foreach (var effect in harness.Stores.AllEffects.Where(e => e.Entity == entity && ids.Contains(e.RecordId))) told.AppendLine($"{effect.At:HH:mm:ss} {effect.Verb} {effect.RecordId} run {effect.RunId}");
        foreach (var run in harness.Stores.AllRuns.Where(r => harness.Stores.AllEffects.Any(e => e.RunId == r.Id && ids.Contains(e.RecordId))))
        {
            told.AppendLine($"run {run.Id} event {run.EventId} key {run.Key} {run.Outcome} {run.Text} from {run.StartedAt:HH:mm:ss} to {run.EndedAt:HH:mm:ss}\n  {harness.Stores.Explanation(RuntimeHarness.Workspace, run.Id)}");
        }

        return told.ToString();
    }

    private static string? One(RuntimeHarness harness, string entity, string key, string value, params (string Field, object? Value)[] fields)
    {
        var found = harness.Target.All(entity).Where(r => (string?)r.GetValueOrDefault(key) == value).ToList();
        if (found.Count != 1) return $"{found.Count} {entity} with {key} {value}\n{Told(harness, entity, found)}";
        foreach (var (field, wanted) in fields)
        {
            if (!Equals(found[0].GetValueOrDefault(field), wanted)) return $"{entity} {value}: {field} is {found[0].GetValueOrDefault(field)}, not {wanted}\n{Told(harness, entity, found)}";
        }

        return null;
    }
}
