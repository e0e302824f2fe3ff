using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>What rows share a job.</summary>
internal readonly record struct WaveKey(string Workspace, string Connection, string Entity, WriteVerb Verb, string? KeyField, string Options);

/// <summary>Rows of parked runs that go to the vendor as one job.</summary>
internal sealed class Wave(WaveKey key, string id, BoundConnection connection, IBulkWrites bulk, WriteBatch kind, DateTimeOffset now)
{
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WaveKey Key { get; } = key;

    public string Id { get; } = id;

    public BoundConnection Connection { get; } = connection;

    public IBulkWrites Bulk { get; } = bulk;

    /// <summary>By event; guarded by the book.</summary>
    public Dictionary<long, Seat> Seats { get; } = [];

    /// <summary>When the last row came.</summary>
    public DateTimeOffset LastJoined { get; private set; } = now;

    /// <summary>Ends when no row comes any more.</summary>
    public Task Full => _full.Task;

    /// <summary>Its job was made at the vendor; set before the job's id is kept and long before a row is handed over.</summary>
    public bool HasJob { get; set; }

    /// <summary>Every seat has its answer.</summary>
    public bool IsAnswered { get; set; }

    public void Add(Seat seat, DateTimeOffset at, int most)
    {
        Seats.Add(seat.EventId, seat);
        LastJoined = at;
        if (Seats.Count >= most) Close();
    }

    /// <summary>No more rows come.</summary>
    public void Close() => _full.TrySetResult();

    /// <summary>Rows for the vendor, those of one locked parent beside each other.</summary>
    public WriteBatch Batch(IReadOnlyList<WriteItem> items) => kind with { Items = items };
}
