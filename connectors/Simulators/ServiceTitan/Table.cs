namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>The rows of one kind, by id and in feed order.</summary>
internal sealed class Table<T>
    where T : Row
{
    private readonly SortedDictionary<long, T> _byId = [];
    private readonly SortedSet<(long Sequence, long Id)> _feed = [];
    private readonly List<T> _late = [];
    private long _sequence;

    public IEnumerable<T> All => _byId.Values;

    public int Count => _byId.Count;

    public void Add(T row, DateTimeOffset now, TimeSpan invisibleFor)
    {
        _byId.Add(row.Id, row);
        row.ChangedAt = now;
        row.VisibleAt = now + invisibleFor;
        if (invisibleFor > TimeSpan.Zero)
        {
            _late.Add(row);
        }
        else
        {
            PutLast(row);
        }
    }

    /// <summary>Moves a changed row to the end of the feed.</summary>
    public void Changed(T row, DateTimeOffset now)
    {
        row.ChangedAt = now;
        if (!_late.Contains(row))
        {
            PutLast(row);
        }
    }

    public T? Find(long id) => _byId.GetValueOrDefault(id);

    public bool Has(long id) => _byId.ContainsKey(id);

    public IEnumerable<T> Visible(DateTimeOffset now)
    {
        Promote(now);
        return _late.Count == 0 ? _byId.Values : _byId.Values.Where(r => r.VisibleAt <= now);
    }

    public T? FindVisible(long id, DateTimeOffset now) => Find(id) is { } row && row.VisibleAt <= now ? row : null;

    public IEnumerable<T> FeedAfter(long sequence, DateTimeOffset now)
    {
        Promote(now);
        return _feed.GetViewBetween((sequence + 1, long.MinValue), (long.MaxValue, long.MaxValue)).Select(p => _byId[p.Id]);
    }

    public void Clear()
    {
        _byId.Clear();
        _feed.Clear();
        _late.Clear();
    }

    /// <summary>A row that becomes visible late joins the feed then, though its stamps stay in the past.</summary>
    private void Promote(DateTimeOffset now)
    {
        for (var i = 0; i < _late.Count; i++)
        {
            if (_late[i].VisibleAt <= now)
            {
                PutLast(_late[i]);
                _late.RemoveAt(i--);
            }
        }
    }

    private void PutLast(T row)
    {
        _feed.Remove((row.Sequence, row.Id));
        row.Sequence = ++_sequence;
        _feed.Add((row.Sequence, row.Id));
    }
}
