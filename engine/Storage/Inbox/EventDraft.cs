using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>What one transaction does to the inbox. Readiness is made right at the end for every key touched, so it does not depend on the order of the sets.</summary>
internal sealed class EventDraft(IStoreDialect dialect, WorkspaceKeys keys, long owner)
{
    private readonly RowStatement? _lockHeads = dialect.ForUpdateOf("e") is { Length: > 0 } forUpdate ? EventStatements.LockHeads(forUpdate) : null;
    private readonly List<NewEvent> _appended = [];
    private readonly Dictionary<long, DelayEvent> _delays = [];
    private readonly Dictionary<long, (SaveCheckpoint Change, byte[]? Sealed)> _checkpoints = [];
    private readonly HashSet<long> _claimed = [];
    private readonly Dictionary<long, EventKey> _removed = [];
    private readonly HashSet<EventKey> _touched = [];
    private readonly HashSet<EventKey> _held = [];
    private readonly Dictionary<EventKey, CallPriority> _inherited = [];
    private readonly HashSet<long> _newlyHeld = [];
    private readonly List<long> _ids = [];

    /// <summary>Notes an event; answers its place for <see cref="IdAt"/>.</summary>
    public int Append(NewEvent item)
    {
        _appended.Add(item);
        return _appended.Count - 1;
    }

    public long IdAt(int place) => _ids[place];

    public void Claim(MarkClaimed claim) => _claimed.UnionWith(claim.EventIds);

    public void Delay(DelayEvent delay)
    {
        _claimed.Remove(delay.EventId);
        _delays[delay.EventId] = delay;
        _touched.Add(delay.Key);
    }

    /// <summary>The state of a checkpoint as it is stored.</summary>
    public static byte[] Sealed(SaveCheckpoint checkpoint, WorkspaceKeys keys)
    {
        var workspace = checkpoint.Key.Deployment.Workspace;
        return keys.Of(workspace).Seal(checkpoint.State, Purposes.Checkpoint(workspace, checkpoint.EventId));
    }

    /// <summary>Keeps the state, as <see cref="Sealed"/> made it beforehand; null = it is made here.</summary>
    public void Checkpoint(SaveCheckpoint checkpoint, byte[]? @sealed)
    {
        _checkpoints[checkpoint.EventId] = (checkpoint, @sealed);
        _held.Add(checkpoint.Key);
    }

    public void Settle(SettleEvent settle)
    {
        _removed[settle.EventId] = settle.Key;
        foreach (var id in settle.Superseded) _removed[id] = settle.Key;
        _touched.Add(settle.Key);
    }

    /// <summary>Locks what is touched, keeps checkpoints and asks for ids. <see cref="WriteAsync"/> follows when all that has been answered.</summary>
    public async Task BeginAsync(StoreSession session, CancellationToken cancellationToken)
    {
        if (_lockHeads is not null)
        {
            var all = _touched.Concat(_held).Concat(_appended.Select(KeyOf)).Distinct().Select(Row).ToList();
            await dialect.SendAsync(session, _lockHeads, all, _ => { }, cancellationToken).ConfigureAwait(false);
        }

        var checkpoints = Checkpoints();
        await dialect.SendAsync(
            session,
            EventStatements.Checkpoint,
            [.. checkpoints.Select(item => new object?[] { item.Change.Key.Deployment.Workspace, item.Change.EventId, item.Sealed ?? Sealed(item.Change, keys) })],
            null,
            cancellationToken).ConfigureAwait(false);

        // Most checkpointed events are the head of their key, or hold it already: only for the others has the oldest row to step back.
        List<object?[]> holders = [.. checkpoints.Select(item => new object?[] { item.Change.Key.Deployment.Workspace, item.Change.EventId })];
        var heads = await dialect.SendAsync(session, EventStatements.HoldHead, holders, null, cancellationToken).ConfigureAwait(false);
        if (heads < holders.Count) await dialect.SendAsync(session, EventStatements.HoldWaiting, holders, reader => _newlyHeld.Add(reader.GetInt64(0)), cancellationToken).ConfigureAwait(false);
        if (_appended.Count > 0) await dialect.ReserveAsync(session, "event", _appended.Count, _ids, cancellationToken).ConfigureAwait(false);
    }

    public async Task WriteAsync(StoreSession session, CancellationToken cancellationToken)
    {
        await WriteChangesAsync(session, cancellationToken).ConfigureAwait(false);
        await WriteAppendedAsync(session, cancellationToken).ConfigureAwait(false);
        await dialect.SendAsync(session, EventStatements.Promote, [.. _touched.Select(Row)], null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Heads inherit the priority of what was put behind them: known when what <see cref="WriteAsync"/> sent has been answered.</summary>
    public Task EndAsync(StoreSession session, CancellationToken cancellationToken) => dialect.SendAsync(
        session,
        EventStatements.Inherit,
        [.. _inherited.Select(pair => new object?[] { pair.Key.Deployment.Workspace, pair.Key.Deployment.Id, pair.Key.Key, (int)pair.Value })],
        null,
        cancellationToken);

    private static EventKey KeyOf(NewEvent item) => new(item.Deployment, item.Key);

    private static object?[] Row(EventKey key) => [key.Deployment.Workspace, key.Deployment.Id, key.Key];

    private List<(SaveCheckpoint Change, byte[]? Sealed)> Checkpoints() => [.. _checkpoints.Values.Where(checkpoint => !_removed.ContainsKey(checkpoint.Change.EventId))];

    private async Task WriteChangesAsync(StoreSession session, CancellationToken cancellationToken)
    {
        var delays = _delays.Values.Where(delay => !_removed.ContainsKey(delay.EventId)).ToList();
        await dialect.SendAsync(
            session,
            EventStatements.Delay,
            [.. delays.Select(item => new object?[] { item.Key.Deployment.Workspace, item.EventId, item.DueAt.UtcTicks, item.Attempt, item.Reason })],
            null,
            cancellationToken).ConfigureAwait(false);
        var checkpointed = _newlyHeld.Count == 0 ? [] : Checkpoints().Where(item => _newlyHeld.Contains(item.Change.EventId)).Select(item => (item.Change.Key, item.Change.EventId));
        var holders = delays.Select(item => (item.Key, item.EventId)).Concat(checkpointed).Distinct();
        await dialect.SendAsync(
            session,
            EventStatements.StepBack,
            [.. holders.Select(item => new object?[] { item.Key.Deployment.Workspace, item.Key.Deployment.Id, item.Key.Key, item.EventId })],
            null,
            cancellationToken).ConfigureAwait(false);

        await dialect.SendAsync(
            session,
            EventStatements.Claim,
            [.. _claimed.Where(id => !_removed.ContainsKey(id)).Select(id => new object?[] { id, owner })],
            null,
            cancellationToken).ConfigureAwait(false);
        var removed = _removed.Select(pair => new object?[] { pair.Value.Deployment.Workspace, pair.Key }).ToList();
        await dialect.SendAsync(session, EventStatements.RemoveCheckpoint, removed, null, cancellationToken).ConfigureAwait(false);
        await dialect.SendAsync(session, EventStatements.Remove, removed, null, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAppendedAsync(StoreSession session, CancellationToken cancellationToken)
    {
        if (_appended.Count == 0) return;
        var places = new Dictionary<long, int>(_appended.Count);
        var rows = new List<object?[]>(_appended.Count);
        var checkpoints = new List<object?[]>();
        var seen = new HashSet<EventKey>();
        for (var i = 0; i < _appended.Count; i++)
        {
            var (item, id) = (_appended[i], _ids[i]);
            var workspace = item.Deployment.Workspace;
            var seal = keys.Of(workspace);
            places.Add(id, i);
            rows.Add(
            [
                id, workspace, item.Deployment.Id, item.Lane, item.Key, seen.Add(KeyOf(item)) ? 0 : 1, (int)item.Priority, item.Trigger, (int)item.Kind, item.Entity,
                item.RecordId, item.Version, item.DueAt?.UtcTicks, item.ReceivedAt.UtcTicks, item.Full, item.ReplayOf, seal.Seal(item.Payload, Purposes.EventPayload(workspace, id)),
            ]);
            if (item.Checkpoint is { } state) checkpoints.Add([workspace, id, seal.Seal(state, Purposes.Checkpoint(workspace, id))]);
        }

        await dialect.SendAsync(
            session,
            EventStatements.Insert,
            rows,
            reader =>
            {
                if (reader.GetInt32(1) != 1) return;
                var item = _appended[places[reader.GetInt64(0)]];
                var key = KeyOf(item);
                if (!_inherited.TryGetValue(key, out var best) || item.Priority < best) _inherited[key] = item.Priority;
            },
            cancellationToken).ConfigureAwait(false);
        await dialect.SendAsync(session, EventStatements.Checkpoint, checkpoints, null, cancellationToken).ConfigureAwait(false);
    }
}
