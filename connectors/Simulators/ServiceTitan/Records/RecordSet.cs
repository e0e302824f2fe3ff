namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>The records of one kind, with their indexes.</summary>
internal sealed class RecordSet(RecordKind kind)
{
    private readonly Dictionary<string, Dictionary<long, List<Record>>> _indexes = kind.Indexed.ToDictionary(m => m, _ => new Dictionary<long, List<Record>>());

    public RecordKind Kind => kind;

    public Table<Record> Rows { get; } = new();

    public void Add(Record record, DateTimeOffset now, TimeSpan invisibleFor)
    {
        Rows.Add(record, now, invisibleFor);
        foreach (var member in kind.Indexed)
        {
            Enter(member, record);
        }
    }

    /// <summary>Sets values; the caller says whether that counts as a change of the record.</summary>
    public void Set(Record record, IEnumerable<KeyValuePair<string, object?>> values)
    {
        foreach (var (name, value) in values)
        {
            var indexed = _indexes.ContainsKey(name);
            if (indexed)
            {
                Leave(name, record);
            }

            record.Values[name] = value;
            if (indexed)
            {
                Enter(name, record);
            }
        }
    }

    public IReadOnlyList<Record> By(string member, long id) => _indexes[member].TryGetValue(id, out var records) ? records : [];

    public bool HasIndex(string member) => _indexes.ContainsKey(member);

    public void Clear()
    {
        Rows.Clear();
        foreach (var index in _indexes.Values)
        {
            index.Clear();
        }
    }

    private void Enter(string member, Record record)
    {
        foreach (var id in Keys(record[member]))
        {
            if (!_indexes[member].TryGetValue(id, out var records))
            {
                _indexes[member][id] = records = [];
            }

            records.Add(record);
        }
    }

    private void Leave(string member, Record record)
    {
        foreach (var id in Keys(record[member]))
        {
            if (_indexes[member].TryGetValue(id, out var records))
            {
                records.Remove(record);
            }
        }
    }

    private static IEnumerable<long> Keys(object? value) => value switch
    {
        long id => [id],
        IEnumerable<object?> ids => ids.OfType<long>().Distinct(),
        _ => [],
    };
}
