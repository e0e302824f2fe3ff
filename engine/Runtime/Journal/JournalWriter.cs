namespace WorkflowEngine.Runtime;

/// <summary>Gathers the explanations of ended runs into blocks of at most 256 KB, each stored by one change, compressed by the store. Never an input of execution, so nobody waits for it.</summary>
public sealed class JournalWriter : IAsyncDisposable
{
    private const int MostBlock = 256 * 1024;
    private const int MostSpares = 4;

    private readonly IGroupCommit _commit;
    private readonly TimeProvider _time;
    private readonly TimeSpan _linger;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Block> _blocks = [];
    private readonly ITimer _timer;
    private readonly List<Task> _writes = [];

    // A block is large enough for the heap of large objects, where new ones each time would make whole collections run all the time.
    private readonly Stack<MemoryStream> _spares = new();
    private bool _armed;

    public JournalWriter(IGroupCommit commit, TimeProvider time, TimeSpan linger)
    {
        (_commit, _time, _linger) = (commit, time, linger);
        _timer = time.CreateTimer(static writer => ((JournalWriter)writer!).FlushAll(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Blocks that could not be stored; they are lost, the runs are not.</summary>
    public long Lost { get; private set; }

    public void Add(string workspace, string runId, byte[] explanation)
    {
        lock (_gate)
        {
            if (!_blocks.TryGetValue(workspace, out var block)) _blocks[workspace] = block = new Block();
            if (block.Text.Length + explanation.Length > MostBlock && block.Entries.Count > 0) Store(workspace, block);
            block.Entries.Add(new JournalEntry(runId, (int)block.Text.Length, explanation.Length));
            block.Text.Write(explanation);
            if (_armed) return;
            _armed = true;
            _timer.Change(_linger, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Everything added so far is stored.</summary>
    public Task FlushAsync()
    {
        FlushAll();
        lock (_gate) return Task.WhenAll(_writes);
    }

    public async ValueTask DisposeAsync()
    {
        await FlushAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private void FlushAll()
    {
        lock (_gate)
        {
            _armed = false;
            foreach (var (workspace, block) in _blocks)
            {
                if (block.Entries.Count > 0) Store(workspace, block);
            }
        }
    }

    private void Store(string workspace, Block block)
    {
        var text = block.Text;
        var entries = block.Entries;
        block.Text = _spares.TryPop(out var spare) ? spare : new MemoryStream();
        block.Entries = [];
        _writes.RemoveAll(t => t.IsCompleted);
        _writes.Add(StoreAsync(workspace, text, entries));
    }

    private async Task StoreAsync(string workspace, MemoryStream text, List<JournalEntry> entries)
    {
        await Task.Yield();
        try
        {
            await _commit.CommitAsync(CommitQueue.Journal, new ChangeSet([new AppendJournal(workspace, _time.GetUtcNow(), text.GetBuffer().AsMemory(0, (int)text.Length), entries)])).ConfigureAwait(false);
        }
        catch (CommitFailedException)
        {
            Lost++;
        }

        lock (_gate)
        {
            if (_spares.Count == MostSpares || text.Capacity > 2 * MostBlock) return;
            text.SetLength(0);
            _spares.Push(text);
        }
    }

    private sealed class Block
    {
        public MemoryStream Text { get; set; } = new();

        public List<JournalEntry> Entries { get; set; } = [];
    }
}
