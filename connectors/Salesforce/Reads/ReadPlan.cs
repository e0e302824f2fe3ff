using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>What a read batch asks: who asks what, which askers may share a query, and what the query says.</summary>
internal sealed class ReadPlan
{
    // An asker whose own condition is longer is asked in parts; the rest of the address is for the fields.
    private const int MostOwnLength = 9_000;

    private readonly ReadBatch _batch;
    private readonly SoqlWhere _where;
    private readonly ConditionJoin _join;
    private readonly IReadOnlyList<OrderTerm> _order;
    private IReadOnlyList<string> _fields = [];
    private IReadOnlyList<string> _select = [];

    public ReadPlan(OrgSchema schema, ReadBatch batch)
    {
        Schema = schema;
        _batch = batch;
        _where = new SoqlWhere(schema, batch.Entity);
        _join = new ConditionJoin(_where);
        // Equal values would leave the order to chance.
        _order = batch.OrderBy.Count == 0 || batch.OrderBy.Any(t => t.Path == "Id") ? batch.OrderBy : [.. batch.OrderBy, new OrderTerm("Id", false)];
    }

    public OrgSchema Schema { get; }

    /// <summary>Reads the rows of the batch's queries; known once <see cref="Askers"/> was called.</summary>
    public RecordReader Rows { get; private set; } = new([]);

    /// <summary>The lists of children that are read along, each with a reader of its rows.</summary>
    public IReadOnlyList<(string Name, RecordReader Rows)> Children { get; private set; } = [];

    /// <summary>A name that cannot stand in a query; null when all can. Names are checked before anything is written.</summary>
    public string? BadName()
    {
        if (!SoqlName.IsName(_batch.Entity)) return _batch.Entity;
        // Rows can be ordered by their own fields and their parents', not by a list of children.
        return _batch.Fields.Concat(_batch.OrderBy.Select(t => t.Path)).FirstOrDefault(path => !SoqlName.IsPath(path)) ?? _batch.OrderBy.Select(t => t.Path).FirstOrDefault(p => Schema.Children(_batch.Entity, p) is not null);
    }

    /// <summary>The askers whose answer is not known yet. One with a very long list becomes several of the same index.</summary>
    public IReadOnlyList<Asker> Askers(OperationError?[] errors)
    {
        var askers = new List<Asker>(_batch.Conditions.Count);
        var read = new List<string>();
        for (var i = 0; i < _batch.Conditions.Count; i++)
        {
            if (_where.Prepare(_batch.Conditions[i], out var condition) is { } problem)
            {
                errors[i] = new OperationError(ErrorKind.Bug, "condition", problem) { NotExecuted = true };
                continue;
            }

            if (ConditionForms.IsNever(condition)) continue;
            if (_where.Askable(condition) is not { } alternatives)
            {
                errors[i] = new OperationError(ErrorKind.Rejected, "condition", $"The condition on {_batch.Entity} asks for more lists of children at once than Salesforce takes.") { NotExecuted = true };
                continue;
            }

            read.AddRange(condition.Fields().Select(f => f.Path).Except(read));
            foreach (var part in alternatives.SelectMany(Parts)) askers.Add(new Asker(i, part, RowMatcher.Compile(part, Schema, _batch.Entity)));
        }

        // The fields of the conditions are read too: rows are handed back by them.
        var version = Schema.Entity(_batch.Entity)?.VersionField;
        IEnumerable<string> always = version is null ? ["Id"] : ["Id", version];
        // One asker alone takes what comes: children are not read to find out whose a row is.
        if (askers.Count == 1) read.RemoveAll(path => Schema.Children(_batch.Entity, path) is not null);
        // A list of children is read where its fields are named, not as one of all fields.
        _fields = [.. always.Concat(_batch.Fields).Concat(read).Where(path => Schema.Children(_batch.Entity, path)?.Name != path).Distinct(StringComparer.OrdinalIgnoreCase)];
        _select = SoqlQueryText.Select(Schema, _batch.Entity, _fields);
        Rows = RowShape.Reader(Schema, _batch.Entity, _fields);
        Children = RowShape.Children(Schema, _batch.Entity, _fields);
        return askers;
    }

    /// <summary>Groups of askers that may share a query.</summary>
    public IEnumerable<IReadOnlyList<Asker>> Groups(IReadOnlyList<Asker> askers)
    {
        // Nobody but Salesforce knows whether "a" and "A" are one value of a field that does not say so: they are never asked in one query.
        var groups = new List<(List<Asker> Askers, Dictionary<string, string> Values)>();
        var doubtful = askers.SelectMany(a => a.NarrowingPaths()).Distinct().Where(IsDoubtful).ToArray();
        if (doubtful.Length == 0 || askers.Count < 2) return askers.Count == 0 ? [] : [askers];
        foreach (var asker in askers)
        {
            var values = doubtful.SelectMany(path => asker.Narrowing(path)?.Values.OfType<string>().Select(v => (Key: path + "\n" + v.ToUpperInvariant(), Value: v)) ?? []).ToArray();
            var group = groups.FirstOrDefault(g => values.All(v => !g.Values.TryGetValue(v.Key, out var other) || other == v.Value));
            if (group.Askers is null) groups.Add(group = ([], new Dictionary<string, string>(StringComparer.Ordinal)));
            group.Askers.Add(asker);
            foreach (var (key, value) in values) group.Values[key] = value;
        }

        return groups.Select(g => g.Askers);
    }

    /// <summary>The query of a group; null when these askers cannot share one.</summary>
    public string? Query(IReadOnlyList<Asker> askers, bool overCap)
    {
        var condition = _join.Join([.. askers.Select(a => a.Condition)]);
        if (!_where.CanBeAsked(condition)) return null;
        var where = ConditionForms.IsAlways(condition) ? "" : _where.Text(condition);
        // A few values of one field come back few; what may be many is bounded at once.
        var bounded = askers.Count == 1 && (overCap || _order.Count > 0 || condition is not FieldCondition { Operator: Comparison.In });
        return SoqlQueryText.Text(_select, _batch.Entity, where, bounded && _order.Count == 0 ? [new OrderTerm("Id", false)] : _order, bounded ? _batch.RowCap + 1 : null);
    }

    /// <summary>The rows of one asker, put together from its parts.</summary>
    public ReadRows Answer(IReadOnlyList<IReadOnlyList<IReadOnlyDictionary<string, object?>>> parts)
    {
        var rows = parts.Count == 1 ? parts[0] : Merged(parts);
        return rows.Count > _batch.RowCap ? new ReadRows([.. rows.Take(_batch.RowCap)], More: true) : new ReadRows(rows);
    }

    private List<IReadOnlyDictionary<string, object?>> Merged(IReadOnlyList<IReadOnlyList<IReadOnlyDictionary<string, object?>>> parts)
    {
        var rows = parts.SelectMany(p => p).DistinctBy(r => r.GetValueOrDefault("Id") as string).ToList();
        if (_order.Count == 0) return rows;
        var terms = _order.Select(t => (Path: t.Path.Split('.'), t.Descending)).ToArray();
        var comparer = Comparer<IReadOnlyDictionary<string, object?>>.Create((a, b) =>
        {
            foreach (var (path, descending) in terms)
            {
                var order = RowMatcher.Compare(RowMatcher.ValueAt(a, path), RowMatcher.ValueAt(b, path)) ?? 0;
                if (order != 0) return descending ? -order : order;
            }

            return 0;
        });
        return [.. rows.Order(comparer)];
    }

    private IEnumerable<Condition> Parts(Condition condition)
    {
        var length = SoqlQueryText.EncodedLength(_where.Text(condition));
        var list = condition switch
        {
            FieldCondition { Operator: Comparison.In } field => field,
            AllOf all => all.Parts.OfType<FieldCondition>().Where(f => f.Operator == Comparison.In).MaxBy(f => f.Values.Count),
            _ => null,
        };
        if (length <= MostOwnLength || list is null || list.Values.Count < 2) return [condition];
        var size = Math.Max(1, (int)(list.Values.Count / Math.Ceiling(length / (MostOwnLength * 0.8))));
        return list.Values.Chunk(size).Select(values =>
        {
            var part = list with { Values = values };
            return condition is AllOf all ? new AllOf([.. all.Parts.Select(p => ReferenceEquals(p, list) ? part : p)]) : (Condition)part;
        });
    }

    private bool IsDoubtful(string path) => Schema.Resolve(_batch.Entity, path) switch
    {
        null => true,
        { IgnoreCase: true } => false,
        var field => field.Type.Kind is FieldKind.Text or FieldKind.LongText or FieldKind.Any,
    };
}
