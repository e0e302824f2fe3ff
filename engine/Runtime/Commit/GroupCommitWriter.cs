using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Runtime;

/// <summary>
/// The node's one writer. While a transaction is on its way to disk the next one fills, so the price of durability is shared by all runs that wait for it.
/// Bounded: an intake that finds its queue full waits.
/// </summary>
public sealed class GroupCommitWriter : IGroupCommit, IAsyncDisposable
{
    private const int Queues = 3;

    /// <summary>Of a queue in one transaction: an event that is just being accepted must not wait for all that has ended meanwhile.</summary>
    private const int MostSets = 256;

    /// <summary>From so many on, those who had their answer from one transaction are taken to come again with their next event at once.</summary>
    private const int Crowd = 8;

    /// <summary>How long the first of a crowd waits for the others. Else it goes alone and they wait for it: half of all transactions would hold one event.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(1);

    /// <summary>How long what nobody waits for stays for others to go along with.</summary>
    private static readonly TimeSpan NoteRests = TimeSpan.FromMilliseconds(5);

    private readonly IStoreWriter _store;
    private readonly ILogger<GroupCommitWriter> _log;
    private readonly Lock _gate = new();
    private readonly Queue<Entry>[] _waiting = [new(), new(), new()];
    private readonly SemaphoreSlim[] _room;
    private readonly int _capacity;
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Task _loop;
    private bool _stopping;
    private int _woken;
    private int _noted;
    private int _crowd;
    private long _commits;
    private long _sets;

    public GroupCommitWriter(IStoreWriter store, ILogger<GroupCommitWriter> log, int capacity = 20_000)
    {
        _store = store;
        _log = log;
        _capacity = capacity;
        _room = [new(capacity), new(capacity), new(capacity)];
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Transactions so far.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Change sets so far.</summary>
    public long Sets => Interlocked.Read(ref _sets);

    public async Task<ChangeSetResult> CommitAsync(CommitQueue queue, ChangeSet set)
    {
        var result = (await CommitAllAsync(queue, [set]).ConfigureAwait(false))[0];
        return result.Fenced ? throw new FencedException() : result;
    }

    public int IntakeWaiting
    {
        get
        {
            lock (_gate) return _waiting[(int)CommitQueue.Intake].Count;
        }
    }

    public event Action? IntakeQuiet;

    public bool IntakeBusy => _room[(int)CommitQueue.Intake].CurrentCount < _capacity;

    public async Task<IReadOnlyList<ChangeSetResult>> CommitAllAsync(CommitQueue queue, IReadOnlyList<ChangeSet> sets)
    {
        if (sets.Count == 0) return [];
        foreach (var set in sets) _store.Prepare(set);
        var room = _room[(int)queue];
        await room.WaitAsync().ConfigureAwait(false);
        try
        {
            var entry = new Entry(sets);
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_stopping, this);
                _waiting[(int)queue].Enqueue(entry);
            }

            Wake();
            return await entry.Done.Task.ConfigureAwait(false);
        }
        finally
        {
            room.Release();
            if (queue == CommitQueue.Intake && !IntakeBusy) IntakeQuiet?.Invoke();
        }
    }

    public async Task<ChangeSetResult> NoteAsync(ChangeSet set)
    {
        _store.Prepare(set);
        var entry = new Entry([set]);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            _waiting[(int)CommitQueue.Settlement].Enqueue(entry);
        }

        // One timer for all that is noted until it fires.
        if (Interlocked.Exchange(ref _noted, 1) == 0) _ = WriteNotedAsync();
        return (await entry.Done.Task.ConfigureAwait(false))[0];
    }

    /// <summary>Writes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
        }

        Wake();
        await _loop.ConfigureAwait(false);
        _signal.Dispose();
    }

    private async Task WriteNotedAsync()
    {
        await Task.Delay(NoteRests, TimeProvider.System).ConfigureAwait(false);
        Volatile.Write(ref _noted, 0);
        lock (_gate)
        {
            // Whoever stops the writer has woken it, and it ends with empty queues.
            if (!_stopping) Wake();
        }
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _woken, 1) == 0) _signal.Release();
    }

    /// <summary>Whether the few that wait should be joined by the many that had their answer just now.</summary>
    private bool IsFirstOfCrowd()
    {
        if (_crowd < Crowd) return false;
        lock (_gate)
        {
            return !_stopping && _waiting[(int)CommitQueue.Intake].Count is > 0 and var first && first < _crowd / 4
                && _waiting[(int)CommitQueue.Settlement].Count + _waiting[(int)CommitQueue.Journal].Count == 0;
        }
    }

    private async Task RunAsync()
    {
        var batch = new List<Entry>();
        while (true)
        {
            await _signal.WaitAsync().ConfigureAwait(false);
            Volatile.Write(ref _woken, 0);
            if (IsFirstOfCrowd()) await Task.Delay(Gather, TimeProvider.System).ConfigureAwait(false);
            batch.Clear();
            var sets = 0;
            bool stopping;
            lock (_gate)
            {
                for (var queue = 0; queue < Queues; queue++)
                {
                    var ofQueue = 0;
                    while (ofQueue < MostSets && _waiting[queue].TryDequeue(out var entry))
                    {
                        batch.Add(entry);
                        ofQueue += entry.Sets.Count;
                    }

                    sets += ofQueue;
                    if (queue == (int)CommitQueue.Intake && ofQueue > 0) _crowd = batch.Count;
                }

                stopping = _stopping;
                if (stopping || _waiting[0].Count + _waiting[1].Count + _waiting[2].Count > 0) Wake();
            }

            if (batch.Count > 0) await WriteAsync(batch, sets).ConfigureAwait(false);
            else if (stopping) return;
        }
    }

    private async Task WriteAsync(List<Entry> batch, int count)
    {
        var sets = new List<ChangeSet>(count);
        foreach (var entry in batch) sets.AddRange(entry.Sets);
        IReadOnlyList<ChangeSetResult> results;
        try
        {
            results = await _store.CommitAsync(sets, CancellationToken.None).ConfigureAwait(false);
            Interlocked.Increment(ref _commits);
            Interlocked.Add(ref _sets, count);
        }
        catch (Exception e)
        {
            await SplitAsync(batch, e).ConfigureAwait(false);
            return;
        }

        Debug.Assert(results.Count == sets.Count, "one result per set");
        var at = 0;
        foreach (var entry in batch)
        {
            var own = new ChangeSetResult[entry.Sets.Count];
            for (var i = 0; i < own.Length; i++) own[i] = results[at++];
            entry.Done.TrySetResult(own);
        }
    }

    /// <summary>One bad set must not take its neighbours along: halves are tried until it stands alone.</summary>
    private async Task SplitAsync(List<Entry> batch, Exception cause)
    {
        if (batch.Count > 1)
        {
            var half = batch.Count / 2;
            foreach (var part in new[] { batch[..half], batch[half..] })
            {
                await WriteAsync(part, part.Sum(e => e.Sets.Count)).ConfigureAwait(false);
            }

            return;
        }

        RuntimeCommitLog.Failed(_log, cause);
        batch[0].Done.TrySetException(new CommitFailedException("The change could not be stored; nothing was changed.", cause));
    }

    private sealed class Entry(IReadOnlyList<ChangeSet> sets)
    {
        public IReadOnlyList<ChangeSet> Sets { get; } = sets;

        public TaskCompletionSource<IReadOnlyList<ChangeSetResult>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
