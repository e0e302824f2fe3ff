using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>Events by key and readiness; the caller holds the lock.</summary>
internal sealed class MemoryInbox
{
    private static readonly TimeSpan DeliveryMemory = TimeSpan.FromDays(7);

    private readonly SortedDictionary<long, Row> _rows = [];
    private readonly Dictionary<EventKey, SortedSet<long>> _keys = [];
    private readonly Dictionary<(DeploymentRef, string, string?, string?), (string?, string?)> _newest = [];
    private readonly Dictionary<(DeploymentRef, string), DateTimeOffset> _deliveries = [];
    private long _lastId;

    private enum Readiness
    {
        Ready,
        Behind,
        Delayed,
    }

    public int Count => _rows.Count;

    public DateTimeOffset? NextDue
    {
        get
        {
            DateTimeOffset? next = null;
            foreach (var row in _rows.Values)
            {
                if (row.State == Readiness.Delayed && (next is null || row.Due < next)) next = row.Due;
            }

            foreach (var plan in _planned.Values)
            {
                if (next is null || plan.DueAt < next) next = plan.DueAt;
            }

            return next;
        }
    }

    private readonly Dictionary<(EventKey, string), PlanEvent> _planned = [];

    public int Planned => _planned.Count;

    public void Plan(PlanEvent plan) => _planned[(new EventKey(plan.Event.Deployment, plan.Event.Key), plan.Name)] = plan;

    public void Cancel(CancelPlanned cancel) => _planned.Remove((cancel.Key, cancel.Name));

    public void Hasten(HastenPlanned hasten)
    {
        if (_planned.TryGetValue((hasten.Key, hasten.Name), out var plan) && plan.DueAt > hasten.DueAt) _planned[(hasten.Key, hasten.Name)] = plan with { DueAt = hasten.DueAt };
    }

    public bool IsPending(DeploymentRef deployment, string trigger) => _rows.Values.Any(r => r.Key.Deployment == deployment && r.Event.Trigger == trigger);

    public long? Append(NewEvent added, bool compare = true)
    {
        if (!compare)
        {
            // Planned: it was accepted long ago.
        }
        else if (added.Kind == EventKind.Change)
        {
            var record = (added.Deployment, added.Trigger, added.Compared, added.RecordId);
            if (_newest.TryGetValue(record, out var newest) && newest == (added.Version, added.ContentHash)) return null;
            _newest[record] = (added.Version, added.ContentHash);
        }
        else if (added.Kind is EventKind.Delivery or EventKind.Replay && added.DeliveryId is { } delivery)
        {
            if (_deliveries.TryGetValue((added.Deployment, delivery), out var seen) && added.ReceivedAt - seen < DeliveryMemory) return null;
            _deliveries[(added.Deployment, delivery)] = added.ReceivedAt;
        }

        var key = new EventKey(added.Deployment, added.Key);
        if (!_keys.TryGetValue(key, out var ids)) _keys[key] = ids = [];
        var behind = ids.Any(i => _rows[i].State == Readiness.Delayed || _rows[i].Holds);
        var row = new Row
        {
            Id = ++_lastId, Key = key, Event = added, Checkpoint = added.Checkpoint, Due = added.DueAt ?? default,
            State = added.DueAt is not null ? Readiness.Delayed : behind ? Readiness.Behind : Readiness.Ready, Holds = added.DueAt is not null,
        };
        _rows[row.Id] = row;
        ids.Add(row.Id);
        return row.Id;
    }

    public void MarkClaimed(IReadOnlyList<long> ids)
    {
        foreach (var id in ids)
        {
            if (_rows.TryGetValue(id, out var row)) row.Claimed = true;
        }
    }

    public void Settle(SettleEvent settled)
    {
        foreach (var id in settled.Superseded.Append(settled.EventId))
        {
            if (!_rows.Remove(id, out var row)) throw new InvalidOperationException($"Event {id} was settled twice.");
            _keys[row.Key].Remove(id);
        }

        if (_keys[settled.Key] is { Count: > 0 } left)
        {
            if (left.Any(i => _rows[i].State == Readiness.Delayed || _rows[i].Holds)) return;
            foreach (var id in left) _rows[id].State = Readiness.Ready;
        }
        else
        {
            _keys.Remove(settled.Key);
        }
    }

    public void Delay(DelayEvent delayed)
    {
        var row = _rows[delayed.EventId];
        (row.State, row.Due, row.Attempt, row.Claimed, row.Reason) = (Readiness.Delayed, delayed.DueAt, delayed.Attempt, false, delayed.Reason);
        Hold(row);
    }

    public void Checkpoint(SaveCheckpoint saved)
    {
        if (!_rows.TryGetValue(saved.EventId, out var row)) return;
        row.Checkpoint = saved.State;
        if (row.State == Readiness.Behind) row.State = Readiness.Ready;
        Hold(row);
    }

    /// <summary>It goes on before everything else of its key.</summary>
    private void Hold(Row holder)
    {
        holder.Holds = true;
        foreach (var id in _keys[holder.Key])
        {
            if (id != holder.Id && _rows[id].State == Readiness.Ready) _rows[id].State = Readiness.Behind;
        }
    }

    /// <summary>What is not settled, one line each: for whoever looks for the cause.</summary>
    public IEnumerable<string> Left() => _rows.Values.Select(r => $"event {r.Id} {r.Key.Key} {r.State} {(r.Claimed ? "claimed" : "")} due {r.Due:HH:mm:ss} attempt {r.Attempt} deaths {r.Deaths}");

    public int WakeDue(DateTimeOffset now)
    {
        var woken = 0;
        foreach (var row in _rows.Values)
        {
            if (row.State != Readiness.Delayed || row.Due > now) continue;
            row.State = Readiness.Ready;
            woken++;
        }

        foreach (var (key, plan) in _planned.Where(p => p.Value.DueAt <= now).OrderBy(p => p.Value.DueAt).ToList())
        {
            _planned.Remove(key);
            Append(plan.Event, compare: false);
            woken++;
        }

        return woken;
    }

    public void Wake(IReadOnlyList<long> ids)
    {
        foreach (var id in ids)
        {
            if (_rows.TryGetValue(id, out var row) && row.State == Readiness.Delayed) row.State = Readiness.Ready;
        }
    }

    public long WakeAll(DeploymentRef deployment, IReadOnlyList<int> lanes, DateTimeOffset now)
    {
        foreach (var row in _rows.Values.Where(r => r.Key.Deployment == deployment && r.State == Readiness.Delayed)) row.State = Readiness.Ready;
        foreach (var (key, plan) in _planned.Where(p => p.Key.Item1.Deployment == deployment && p.Value.DueAt > now).ToList()) _planned[key] = plan with { DueAt = now };
        return _rows.Values.Count(r => r.Key.Deployment == deployment && lanes.Contains(r.Event.Lane))
            + _planned.Count(p => p.Key.Item1.Deployment == deployment && lanes.Contains(p.Value.Event.Lane));
    }

    public int Recover(IReadOnlyList<int> lanes)
    {
        var count = 0;
        foreach (var row in _rows.Values.Where(r => lanes.Contains(r.Event.Lane)))
        {
            if (row is { State: Readiness.Delayed, Reason: DelayEvent.ForAnotherRun or DelayEvent.ForJob }) row.State = Readiness.Ready;
            if (!row.Claimed) continue;
            (row.Claimed, row.Deaths) = (false, row.Deaths + 1);
            count++;
        }

        return count;
    }

    public List<ReadyEvent> Ready(DeploymentRef deployment, IReadOnlyList<int> lanes, IReadOnlySet<string> skip, int limit)
    {
        var owned = lanes.ToHashSet();
        var oldest = new Dictionary<EventKey, Row>();
        foreach (var row in _rows.Values)
        {
            if (row.State != Readiness.Ready || row.Key.Deployment != deployment || skip.Contains(row.Key.Key) || !owned.Contains(row.Event.Lane)) continue;
            oldest.TryAdd(row.Key, row);
        }

        return [.. oldest.Values.Select(Describe).OrderBy(r => r.Priority).ThenBy(r => r.Id).Take(limit)];
    }

    public List<ReadyEvent> Waiting(EventKey key) =>
        _keys.TryGetValue(key, out var ids) && ids.Any(i => _rows[i].State == Readiness.Ready) ? [.. ids.Select(i => _rows[i]).Where(r => r.State != Readiness.Delayed).Select(Describe)] : [];

    public List<EventWork> Work(IReadOnlyList<long> ids) =>
        [.. ids.Where(_rows.ContainsKey).Select(i => new EventWork(i, _rows[i].Event.Payload, _rows[i].Checkpoint))];

    public List<BacklogCount> Counts() =>
    [
        .. _rows.Values.GroupBy(r => r.Key.Deployment).Select(g => new BacklogCount(
            g.Key, g.LongCount(r => r.State == Readiness.Ready), g.LongCount(r => r.State == Readiness.Behind), g.LongCount(r => r.State == Readiness.Delayed),
            g.LongCount(r => r.Event.Priority == CallPriority.Backfill))),
    ];

    private ReadyEvent Describe(Row row)
    {
        var line = _keys[row.Key].Select(i => _rows[i]).ToList();
        return new ReadyEvent
        {
            Id = row.Id, Key = row.Key, Lane = row.Event.Lane, Trigger = row.Event.Trigger, Kind = row.Event.Kind, Entity = row.Event.Entity, RecordId = row.Event.RecordId,
            Version = row.Event.Version, Priority = line.Min(r => r.Event.Priority), Attempt = row.Attempt, Deaths = row.Deaths, ReceivedAt = row.Event.ReceivedAt,
            Full = row.Event.Full, ReplayOf = row.Event.ReplayOf, Waiting = line.Count, Holds = row.Holds,
        };
    }

    private sealed class Row
    {
        public required long Id { get; init; }

        public required EventKey Key { get; init; }

        public required NewEvent Event { get; init; }

        public Readiness State { get; set; }

        public DateTimeOffset Due { get; set; }

        public int Attempt { get; set; }

        public int Deaths { get; set; }

        public bool Claimed { get; set; }

        public string? Reason { get; set; }

        public bool Holds { get; set; }

        public byte[]? Checkpoint { get; set; }
    }
}
