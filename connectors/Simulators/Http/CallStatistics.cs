namespace WorkflowEngine.Simulators.Http;

/// <summary>Counts of what was asked and done. Control calls and the page of records are not counted.</summary>
public sealed class CallStatistics
{
    private const int Remembered = 20_000;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _calls = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _rows = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _statuses = new(StringComparer.Ordinal);
    private readonly Queue<CallRecord> _recent = new();
    private int _total;
    private int _running;
    private int _mostAtOnce;

    public int Total { get { lock (_gate) { return _total; } } }

    /// <summary>The largest number of calls answered at the same time.</summary>
    public int MostAtOnce { get { lock (_gate) { return _mostAtOnce; } } }

    /// <summary>Calls by kind, for example <c>token</c>, <c>customers.list</c>, <c>collections.upsert</c>.</summary>
    public IReadOnlyDictionary<string, int> Calls { get { lock (_gate) { return new SortedDictionary<string, int>(_calls, StringComparer.Ordinal); } } }

    /// <summary>Rows by what happened to them, for example <c>Account.created</c>.</summary>
    public IReadOnlyDictionary<string, int> Rows { get { lock (_gate) { return new SortedDictionary<string, int>(_rows, StringComparer.Ordinal); } } }

    public IReadOnlyDictionary<string, int> Statuses { get { lock (_gate) { return new SortedDictionary<string, int>(_statuses, StringComparer.Ordinal); } } }

    /// <summary>The latest calls, oldest first; at most 20,000 are kept.</summary>
    public IReadOnlyList<CallRecord> Recent { get { lock (_gate) { return [.. _recent]; } } }

    public void Clear()
    {
        lock (_gate)
        {
            _calls.Clear();
            _rows.Clear();
            _statuses.Clear();
            _recent.Clear();
            _total = 0;
            _mostAtOnce = _running;
        }
    }

    internal void Begin()
    {
        lock (_gate)
        {
            _mostAtOnce = Math.Max(_mostAtOnce, ++_running);
        }
    }

    internal void CountRow(string what)
    {
        lock (_gate)
        {
            _rows[what] = _rows.GetValueOrDefault(what) + 1;
        }
    }

    internal void End(CallRecord call)
    {
        lock (_gate)
        {
            _running--;
            _total++;
            _calls[call.Kind] = _calls.GetValueOrDefault(call.Kind) + 1;
            var status = call.Ending ?? call.Status.ToString(System.Globalization.CultureInfo.InvariantCulture);
            _statuses[status] = _statuses.GetValueOrDefault(status) + 1;
            _recent.Enqueue(call);
            if (_recent.Count > Remembered)
            {
                _recent.Dequeue();
            }
        }
    }
}
