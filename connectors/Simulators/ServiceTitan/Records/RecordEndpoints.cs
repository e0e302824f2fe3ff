using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Lists, reads by id and feeds of all kinds that need no class of their own.</summary>
internal sealed class RecordEndpoints(TenantState state, ExportFeeds feeds, SimulatorOptions options)
{
    private readonly RecordJson _json = new(state, options.ReviewTimes);

    public RecordJson Json => _json;

    /// <summary>The answer of a general list, read or feed; null when the path is none of them.</summary>
    public Answer? Handle(SimulatorRequest request, string module, string[] path)
    {
        if (request.Method != "GET")
        {
            return null;
        }

        foreach (var kind in RecordKinds.All.Where(k => k.Module == module))
        {
            switch (path)
            {
                case [var list] when kind.Listed && list == kind.Path:
                    return List(request, kind);
                case [var list, var id] when kind.Get && list == kind.Path && CustomerEndpoints.ParseId(id) is not null:
                    return Get(request, kind, id);
                case ["export", var feed] when kind.Feed == feed:
                    return feeds.Records(request, state.Of(kind.Name), (byte)(10 + RecordKinds.All.TakeWhile(k => k != kind).Count()), (w, r) => _json.Write(w, r, feed: true, null));
            }
        }

        return null;
    }

    public Answer List(SimulatorRequest request, RecordKind kind, Func<IEnumerable<Record>, IEnumerable<Record>>? narrow = null)
    {
        request.Kind = $"{kind.Name}.list";
        var query = new ListQuery(request);
        var application = query.Guid("externalDataApplicationGuid");
        var tests = kind.Filters.Select(f => (Filter: f, Test: f.Test(query))).Where(t => t.Test is not null).ToList();
        var rows = Start(query, kind);
        rows = kind.Active switch
        {
            "active" => query.Active(kind.ShowsAll) is { } active ? rows.Where(r => r.Active == active) : rows,
            "activeState" => query.ActiveState(kind.ShowsAll) is { } active ? rows.Where(r => r.Active == active) : rows,
            _ => rows,
        };
        rows = rows.Where(r => tests.TrueForAll(t => t.Test!(kind.Value(state, r, t.Filter.Member))));
        if (narrow is not null)
        {
            rows = narrow(rows);
        }

        if (kind.Members.Any(m => m.Kind is MemberKind.External) && kind.Name == "jobs")
        {
            rows = ExternalData.Filter(rows, query, application, r => r.ExternalData);
        }

        return query.Envelope(Sorted(query, kind, rows).ToList(), (w, r) => _json.Write(w, r, feed: false, application, query.Flag));
    }

    public Answer Get(SimulatorRequest request, RecordKind kind, string id)
    {
        request.Kind = $"{kind.Name}.get";
        request.Rows = 1;
        var record = Visible(kind, id);
        var application = new ListQuery(request).Guid("externalDataApplicationGuid");
        return Answer.Json(200, w => _json.Write(w, record, feed: false, application));
    }

    public Record Visible(RecordKind kind, string id) => CustomerEndpoints.ParseId(id) is { } key && state.Of(kind.Name).Rows.FindVisible(key, state.Now) is { } found
        ? found : throw ServiceTitanErrors.NotFound(kind.Title);

    /// <summary>Writes reach also what reads do not show yet.</summary>
    public Record Existing(RecordKind kind, string id) => CustomerEndpoints.ParseId(id) is { } key && state.Find(kind.Name, key) is { } found
        ? found : throw ServiceTitanErrors.NotFound(kind.Title);

    public Answer Answer200(Record record, Guid? application = null) => Answer.Json(200, w => _json.Write(w, record, feed: false, application));

    // An indexed filter spares the walk over all rows; the filter itself is applied afterwards all the same.
    private IEnumerable<Record> Start(ListQuery query, RecordKind kind)
    {
        var table = state.Of(kind.Name);
        var now = state.Now;
        foreach (var filter in kind.Filters.Where(f => f.Operator is "=" or "," && (f.Member == "id" || kind.Indexed.Contains(f.Member))))
        {
            var ids = filter.Operator == "," ? query.Ids(filter.Parameter) : query.Integer(filter.Parameter) is { } one ? [one] : null;
            if (ids is not null)
            {
                var rows = ids.Order().SelectMany(id => filter.Member == "id" ? table.Rows.Find(id) is { } row ? [row] : [] : table.By(filter.Member, id));
                return rows.Where(r => r.VisibleAt <= now).Distinct();
            }
        }

        return table.Rows.Visible(now);
    }

    private IEnumerable<Record> Sorted(ListQuery query, RecordKind kind, IEnumerable<Record> rows)
    {
        if (kind.Sort.Count == 0 || query.Text("sort")?.Trim() is not { } sort)
        {
            return rows;
        }

        var member = kind.Sort.FirstOrDefault(m => m.Equals(sort.TrimStart('+', '-'), StringComparison.OrdinalIgnoreCase))
            ?? throw ServiceTitanErrors.Invalid("sort", $"The value '{sort}' is not valid for Sort.");
        return sort.StartsWith('-') ? rows.OrderByDescending(r => kind.Value(state, r, member)) : rows.OrderBy(r => kind.Value(state, r, member));
    }
}
