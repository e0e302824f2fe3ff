namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>One kind of record: what the vendor answers, what it filters and sorts by, where it is found.</summary>
internal sealed record RecordKind(string Name, string Module, string Path, string Title, IReadOnlyList<Member> Members)
{
    /// <summary>Filters of the list; see <see cref="ListFilter"/>.</summary>
    public IReadOnlyList<ListFilter> Filters { get; init; } = [];

    /// <summary>The parameter that shows inactive rows: <c>active</c>, <c>activeState</c>, or null.</summary>
    public string? Active { get; init; }

    /// <summary>Without <see cref="Active"/>'s parameter inactive rows are shown too.</summary>
    public bool ShowsAll { get; init; }

    /// <summary>Members the list can be sorted by with <c>sort</c>; empty where the vendor has no such parameter.</summary>
    public IReadOnlyList<string> Sort { get; init; } = ["id", "createdOn", "modifiedOn"];

    /// <summary>A list exists.</summary>
    public bool Listed { get; init; } = true;

    /// <summary><c>GET path/{id}</c> exists.</summary>
    public bool Get { get; init; }

    /// <summary>The last part of its export's path; null without a feed.</summary>
    public string? Feed { get; init; }

    /// <summary>Members only the feed has.</summary>
    public IReadOnlyList<Member> FeedMembers { get; init; } = [];

    /// <summary>Members that are kept but never written, such as the unit of a campaign of which only the name is shown.</summary>
    public IReadOnlyList<Member> Inner { get; init; } = [];

    /// <summary>Members of newer documents than the others.</summary>
    public IReadOnlyList<Member> Newer { get; init; } = [];

    /// <summary>Members that a list leaves null unless the flag beside them is asked for.</summary>
    public IReadOnlyDictionary<string, string> Included { get; init; } = new Dictionary<string, string>();

    /// <summary>Members by which records are looked up.</summary>
    public IReadOnlyList<string> Indexed { get; init; } = [];

    /// <summary>Members computed from other records when they are asked for.</summary>
    public IReadOnlyDictionary<string, Func<TenantState, Record, object?>> Derived { get; init; } = new Dictionary<string, Func<TenantState, Record, object?>>();

    /// <summary>All that a person may set.</summary>
    public IEnumerable<Member> Settable => Members.Concat(FeedMembers).Concat(Inner).Where(m => !Derived.ContainsKey(m.Name) || Own.Contains(m.Name)).DistinctBy(m => m.Name);

    /// <summary>Derived members that a record may also hold itself.</summary>
    public IReadOnlyList<string> Own { get; init; } = [];

    /// <summary>The value at a path, with dots into objects.</summary>
    public object? Value(TenantState state, Record record, string path)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? path : path[..dot];
        var value = Derived.TryGetValue(name, out var derive) ? derive(state, record) : record[name];
        return dot < 0 ? value : Within(value, path[(dot + 1)..]);
    }

    private static object? Within(object? value, string name) => value switch
    {
        IReadOnlyDictionary<string, object?> inner => inner.GetValueOrDefault(name),
        IEnumerable<object?> list => list.Select(item => Within(item, name)).ToList(),
        _ => null,
    };
}
