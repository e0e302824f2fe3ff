using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace WorkflowEngine.Runtime;

/// <summary>
/// The node's one writer. While a transaction is on its way to disk the next one fills, so the price of durability is shared by all runs that wait for it.
/// Bounded: an intake that finds its queue full waits.
/// </summary>
public sealed class GroupCommitWriter : IGroupCommit, IAsyncDisposable
{
    private const int MostSets = 1_000;
    private const int Queues = 3;

    private readonly IStoreWriter _store;
    private readonly ILogger<GroupCommitWriter> _log;
    private readonly Lock _gate = new();
    private readonly Queue<Entry>[] _waiting = [new(), new(), new()];
    private readonly SemaphoreSlim[] _room;
    private readonly int _capacity;
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Task _loop;
    private bool _stopping;
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

            _signal.Release();
            return await entry.Done.Task.ConfigureAwait(false);
        }
        finally
        {
            room.Release();
            if (queue == CommitQueue.Intake && !IntakeBusy) IntakeQuiet?.Invoke();
        }
    }

    /// <summary>Writes what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_stopping) return;
            _stopping = true;
        }

        _signal.Release();
        await _loop.ConfigureAwait(false);
        _signal.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<Entry>();
        while (true)
        {
            await _signal.WaitAsync().ConfigureAwait(false);
            batch.Clear();
            var sets = 0;
            bool stopping;
            lock (_gate)
            {
                for (var queue = 0; queue < Queues; queue++)
                {
                    while (sets < MostSets && _waiting[queue].TryDequeue(out var entry))
                    {
                        batch.Add(entry);
                        sets += entry.Sets.Count;
                    }
                }

                stopping = _stopping;
                if (_waiting[0].Count + _waiting[1].Count + _waiting[2].Count > 0) _signal.Release();
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
