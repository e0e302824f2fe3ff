using System.Collections.Concurrent;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <inheritdoc cref="IBatcher"/>
public sealed class Batcher : IBatcher, IDisposable
{
    private readonly IGroupCommit _commit;
    private readonly RunnableCounter _runnable;
    private readonly TimeProvider _time;
    private readonly BatcherOptions _options;
    private readonly ConcurrentDictionary<(string Workspace, string Realm), RealmBatches> _realms = new();
    private volatile bool _stopped;

    public Batcher(IGroupCommit commit, RunnableCounter runnable, TimeProvider time, BatcherOptions options)
    {
        (_commit, _runnable, _time, _options) = (commit, runnable, time, options);
        runnable.Idle += PumpAll;
    }

    public void Dispose() => _runnable.Idle -= PumpAll;

    /// <summary>Nothing more is sent: rows that wait, and those asked from now on, are answered as not executed. Calls that have left end by themselves.</summary>
    public void Stop()
    {
        _stopped = true;
        foreach (var realm in _realms.Values)
        {
            lock (realm.Gate)
            {
                foreach (var lane in realm.Lanes.Values)
                {
                    foreach (var row in lane.Waiting) Refuse(row);
                    lane.Waiting.Clear();
                }
            }
        }
    }

    /// <summary>The identities an ask writes, by the org's name of its entity; none for a create without a key.</summary>
    internal static IReadOnlyList<string> TargetsOf(WriteAsk ask)
    {
        if (ask.Target is null) return [];
        var entity = ask.Connection.OrgName(ask.Entity);
        return ask.Alias is { } alias ? [$"{entity}/{ask.Target}", $"{entity}/{alias}"] : [$"{entity}/{ask.Target}"];
    }

    /// <summary>Keeps targets for a job: until they are released, other rows of them wait. False = one is in flight, or kept already.</summary>
    internal bool TryHold(BoundConnection connection, IReadOnlyList<string> targets)
    {
        var realm = RealmOf(connection);
        lock (realm.Gate)
        {
            if (realm.Targets.Overlaps(targets)) return false;
            realm.Targets.UnionWith(targets);
            return true;
        }
    }

    /// <summary>The job is over: who waited for its targets goes on.</summary>
    internal void Release(BoundConnection connection, IReadOnlyList<string> targets)
    {
        var realm = RealmOf(connection);
        lock (realm.Gate)
        {
            realm.Targets.ExceptWith(targets);
            PumpRealm(realm);
        }
    }

    public Task<Answer<ReadRows>> ReadAsync(ReadAsk ask, CancellationToken cancellationToken)
    {
        var (shape, whole) = ConditionText.Of(ask.Condition);
        var fields = string.Join(',', ask.Fields);
        var order = string.Join(',', ask.OrderBy.Select(o => o.Descending ? "-" + o.Path : o.Path));
        var key = new BatchKey(ask.Connection.Identity, "read", ask.Entity, $"{shape}#{fields}#{order}#{ask.RowCap}#{ask.IncludeInactive}#{ask.Deleted}", ask.Priority, ask.Timeout);
        var row = new Pending<ReadAsk, ReadRows>(ask) { Same = whole, Repeatable = true };
        return EnqueueAsync(ask.Connection, key, BatchKind.Read, row, SendReadsAsync, cancellationToken);
    }

    public Task<Answer<ReadRows>> AggregateAsync(AggregateAsk ask, CancellationToken cancellationToken)
    {
        var (shape, whole) = ConditionText.Of(ask.Condition);
        var columns = string.Join(',', ask.Columns.Select(c => $"{c.Name}={c.Function} {c.Path}"));
        var key = new BatchKey(ask.Connection.Identity, "sum", ask.Entity, $"{shape}#{string.Join(',', ask.GroupBy)}#{columns}#{ask.RowCap}#{ask.IncludeInactive}", ask.Priority, ask.Timeout);
        var row = new Pending<AggregateAsk, ReadRows>(ask) { Same = whole, Repeatable = true };
        return EnqueueAsync(ask.Connection, key, BatchKind.Aggregate, row, SendSumsAsync, cancellationToken);
    }

    public Task<Answer<WriteResult>> WriteAsync(WriteAsk ask, CancellationToken cancellationToken)
    {
        var key = new BatchKey(ask.Connection.Identity, ask.Verb.ToString(), ask.Entity, $"{ask.KeyField}#{ask.OptionsText}", ask.Priority, ask.Timeout);
        var row = new Pending<WriteAsk, WriteResult>(ask)
        {
            Targets = TargetsOf(ask),
            LockParents = ask.LockParents,
            Before = ask.Before,
            Repeatable = ask.Verb != WriteVerb.Create,
        };
        var kind = ask.Verb switch
        {
            WriteVerb.Create => BatchKind.Create,
            WriteVerb.Update => BatchKind.Update,
            WriteVerb.Upsert => BatchKind.Upsert,
            WriteVerb.Merge => BatchKind.Merge,
            _ => BatchKind.Delete,
        };
        return EnqueueAsync(ask.Connection, key, kind, row, SendWritesAsync, cancellationToken);
    }

    public Task<Answer<IReadOnlyDictionary<string, object?>>> CallAsync(CallAsk ask, CancellationToken cancellationToken)
    {
        var key = new BatchKey(ask.Connection.Identity, "call", ask.Operation, "", ask.Priority, ask.Timeout);
        var row = new Pending<CallAsk, IReadOnlyDictionary<string, object?>>(ask) { Before = ask.Before, Repeatable = ask.Repeatable };
        return EnqueueAsync(ask.Connection, key, BatchKind.Call, row, SendCallsAsync, cancellationToken);
    }

    private static Task<BatchAnswer<ReadRows>> SendReadsAsync(IReadOnlyList<ReadAsk> asks, CancellationToken token)
    {
        var first = asks[0];
        return first.Connection.Connection.ReadAsync(
            new ReadBatch
            {
                Entity = first.Entity, Fields = first.Fields, Conditions = [.. asks.Select(a => a.Condition)], OrderBy = first.OrderBy,
                RowCap = first.RowCap, IncludeInactive = first.IncludeInactive, Deleted = first.Deleted, Priority = first.Priority, Steps = Steps(asks, static a => a.Step),
            },
            token);
    }

    private static Task<BatchAnswer<ReadRows>> SendSumsAsync(IReadOnlyList<AggregateAsk> asks, CancellationToken token)
    {
        var first = asks[0];
        return first.Connection.Connection.AggregateAsync(
            new AggregateBatch
            {
                Entity = first.Entity, Conditions = [.. asks.Select(a => a.Condition)], GroupBy = first.GroupBy, Columns = first.Columns, RowCap = first.RowCap,
                IncludeInactive = first.IncludeInactive, Priority = first.Priority,
            },
            token);
    }

    private static Task<BatchAnswer<WriteResult>> SendWritesAsync(IReadOnlyList<WriteAsk> asks, CancellationToken token)
    {
        var first = asks[0];
        return first.Connection.Connection.WriteAsync(
            new WriteBatch
            {
                Entity = first.Entity, Verb = first.Verb, KeyField = first.KeyField, Options = first.Options, Priority = first.Priority,
                Items = [.. asks.Select(a => a.Item)], Steps = Steps(asks, static a => a.Step),
            },
            token);
    }

    private static Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> SendCallsAsync(IReadOnlyList<CallAsk> asks, CancellationToken token)
    {
        var first = asks[0];
        return first.Connection.Connection.CallAsync(
            new CallBatch { Operation = first.Operation, Items = [.. asks.Select(a => a.With)], Priority = first.Priority, Steps = Steps(asks, static a => a.Step) }, token);
    }

    /// <summary>Mostly one: rows of one kind come from one step.</summary>
    private static List<string> Steps<TAsk>(IReadOnlyList<TAsk> asks, Func<TAsk, string?> stepOf)
    {
        var steps = new List<string>(1);
        foreach (var ask in asks)
        {
            if (stepOf(ask) is { } step && !steps.Contains(step)) steps.Add(step);
        }

        return steps;
    }

    private BatchLaneOf<TAsk, T> Lane<TAsk, T>(BoundConnection connection, BatchKey key, BatchKind kind, Func<IReadOnlyList<TAsk>, CancellationToken, Task<BatchAnswer<T>>> send)
    {
        var most = _options.Join ? Math.Max(1, connection.Connection.MostItems(key.Entity, kind)) : 1;
        return new BatchLaneOf<TAsk, T>(
            $"{connection.Descriptor.Name} {kind.ToString().ToLowerInvariant()} {key.Entity}", most, _time, key.Timeout, kind is BatchKind.Read or BatchKind.Aggregate, key.Priority == CallPriority.Backfill,
            _runnable, send);
    }

    /// <summary>Puts a row where its call is gathered: rows of equal keys share calls.</summary>
    private Task<Answer<T>> EnqueueAsync<TAsk, T>(
        BoundConnection connection, BatchKey key, BatchKind kind, Pending<TAsk, T> row, Func<IReadOnlyList<TAsk>, CancellationToken, Task<BatchAnswer<T>>> send, CancellationToken cancellationToken)
    {
        var realm = RealmOf(connection);
        lock (realm.Gate)
        {
            if (_stopped) return Task.FromResult(new Answer<T> { Outcome = Stopping, Charged = false });
            if (!realm.Lanes.TryGetValue(key, out var lane)) realm.Lanes[key] = lane = Lane(connection, key, kind, send);
            lane.Waiting.AddLast(row);
            if (lane.Waiting.Count >= lane.Size) Pump(realm, lane);
            else if (!lane.Lingering) Linger(realm, lane);
        }

        _runnable.Leave();
        return cancellationToken.CanBeCanceled ? UnlessCancelledAsync(row, cancellationToken) : row.Done;
    }

    private async Task<Answer<T>> UnlessCancelledAsync<TAsk, T>(Pending<TAsk, T> row, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(
            () =>
            {
                _runnable.Enter();
                if (!row.TryCancel(cancellationToken)) _runnable.Leave();
            }).ConfigureAwait(false);
        return await row.Done.ConfigureAwait(false);
    }

    private RealmBatches RealmOf(BoundConnection connection) => _realms.GetOrAdd((connection.Workspace, connection.Realm), static _ => new RealmBatches());

    private static OperationError Stopping => new(ErrorKind.Transient, "stopping", "The engine is stopping.") { NotExecuted = true };

    /// <summary>The run learns of it when it parks: that commit is fenced too.</summary>
    private static OperationError Fenced => new(ErrorKind.Transient, "fenced", "Another node owns the run's lane now.") { NotExecuted = true };

    private void Refuse(Pending row)
    {
        _runnable.Enter();
        if (!row.Fail(Stopping, charged: false)) _runnable.Leave();
    }

    private void Linger(RealmBatches realm, BatchLane lane)
    {
        lane.Lingering = true;
        _ = LingerAsync();

        async Task LingerAsync()
        {
            await Task.Delay(_options.Linger, _time).ConfigureAwait(false);
            lock (realm.Gate)
            {
                lane.Lingering = false;
                if (lane.Waiting.Count == 0) return;
                lane.Lingered = true;
                Pump(realm, lane);
            }
        }
    }

    private void PumpAll()
    {
        foreach (var realm in _realms.Values)
        {
            lock (realm.Gate) PumpRealm(realm);
        }
    }

    private void PumpRealm(RealmBatches realm)
    {
        foreach (var lane in realm.Lanes.Values)
        {
            if (lane.Waiting.Count > 0) Pump(realm, lane);
        }
    }

    /// <summary>Sends what may go; called under the realm's lock.</summary>
    private void Pump(RealmBatches realm, BatchLane lane)
    {
        while (lane.InFlight < _options.MostInFlight)
        {
            var full = lane.Waiting.Count >= lane.Size;
            var alone = lane.InFlight == 0 && (lane.Lingered || _runnable.Count == 0);
            if (!full && !alone) return;
            var rows = TakeRows(realm, lane, needFull: !alone);
            if (rows is null) return;
            if (lane.Waiting.Count == 0) lane.Lingered = false;
            lane.InFlight++;
            _ = FlushAsync(realm, lane, rows);
        }
    }

    private static List<Pending>? TakeRows(RealmBatches realm, BatchLane lane, bool needFull)
    {
        var rows = new List<Pending>(Math.Min(lane.Size, lane.Waiting.Count));
        HashSet<string>? passed = null;
        HashSet<string>? own = null;
        for (var node = lane.Waiting.First; node is not null && rows.Count < lane.Size;)
        {
            var row = node.Value;
            var next = node.Next;
            if (row.Abandoned)
            {
                lane.Waiting.Remove(node);
            }
            else if (Meets(row, realm.Targets) || Meets(row, passed) || Meets(row, own) || Held(realm, row))
            {
                // A later row of the same target must not overtake the one that waits.
                if (row.Targets.Count > 0) (passed ??= []).UnionWith(row.Targets);
            }
            else
            {
                if (row.Targets.Count > 0) (own ??= []).UnionWith(row.Targets);
                rows.Add(row);
            }

            node = next;
        }

        if (rows.Count == 0 || (needFull && rows.Count < lane.Size)) return null;
        foreach (var row in rows)
        {
            lane.Waiting.Remove(row);
            foreach (var target in row.Targets) realm.Targets.Add(target);
            foreach (var parent in row.LockParents) realm.Parents.Add(parent);
        }

        return rows;
    }

    private static bool Meets(Pending row, HashSet<string>? targets)
    {
        if (targets is null) return false;
        foreach (var target in row.Targets)
        {
            if (targets.Contains(target)) return true;
        }

        return false;
    }

    private static bool Held(RealmBatches realm, Pending row)
    {
        foreach (var parent in row.LockParents)
        {
            if (realm.Parents.Contains(parent)) return true;
        }

        return false;
    }

    private async Task FlushAsync(RealmBatches realm, BatchLane lane, List<Pending> rows)
    {
        // Off the caller's stack: it holds the realm's lock.
        await Task.Yield();
        var send = await CheckpointAsync(rows).ConfigureAwait(false);
        if (send.Count > 0) await lane.SendAsync(send).ConfigureAwait(false);
        lock (realm.Gate)
        {
            foreach (var row in rows)
            {
                foreach (var target in row.Targets) realm.Targets.Remove(target);
                foreach (var parent in row.LockParents) realm.Parents.Remove(parent);
            }

            lane.InFlight--;
            PumpRealm(realm);
        }
    }

    /// <summary>Makes intents and claims durable before anything leaves; one transaction for the whole flush.</summary>
    private async Task<List<Pending>> CheckpointAsync(List<Pending> rows)
    {
        List<ChangeSet>? sets = null;
        foreach (var row in rows)
        {
            if (row.Before is { } before) (sets ??= []).Add(before);
        }

        if (sets is null) return rows;
        IReadOnlyList<ChangeSetResult> results;
        try
        {
            results = await _commit.CommitAllAsync(CommitQueue.Settlement, sets).ConfigureAwait(false);
        }
        catch (CommitFailedException e)
        {
            foreach (var row in rows)
            {
                _runnable.Enter();
                if (!row.Fail(new OperationError(ErrorKind.Transient, "store", e.Message) { NotExecuted = true }, false)) _runnable.Leave();
            }

            return [];
        }

        var send = new List<Pending>(rows.Count);
        var at = 0;
        foreach (var row in rows)
        {
            if (row.Before is not null && results[at++] is var stored && (stored.Fenced || stored.Conflicts.Count > 0))
            {
                _runnable.Enter();
                if (!(stored.Fenced ? row.Fail(Fenced, charged: false) : row.Conflict(stored.Conflicts))) _runnable.Leave();
                continue;
            }

            send.Add(row);
        }

        return send;
    }
}
