using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Soql;

/// <summary>Runs a resolved query over the records of the org.</summary>
internal sealed class SoqlRunner(OrgState state, DateTimeOffset now, bool withDeleted)
{
    private readonly Dictionary<SoqlQuery, HashSet<object>> _subqueries = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<InCondition, ValueSet> _sets = new(ReferenceEqualityComparer.Instance);

    public List<OrgRecord> Run(SoqlQuery query, IEnumerable<OrgRecord>? rows = null)
    {
        rows ??= Candidates(query) ?? state.All(query.From);
        var found = rows.Where(r => r.VisibleAt <= now && (withDeleted || !r.IsDeleted) && (query.Where is null || Holds(query.Where, r)));
        if (query.Grouping is { } grouping)
        {
            found = GroupRunner.Run(grouping, found, Value).Where(r => query.Having is null || Holds(query.Having, r));
        }

        if (query.OrderBy.Count > 0)
        {
            found = Sorted(found, query.OrderBy);
        }

        return [.. found.Skip(query.Offset).Take(query.Limit ?? int.MaxValue)];
    }

    public List<OrgRecord> Children(ChildQuery child, OrgRecord parent) =>
        Run(child.Query, state.WithValue(child.Query.From, child.Reference, parent.Id) ?? []);

    public object? Value(OrgRecord record, FieldPath path)
    {
        foreach (var parent in path.Parents)
        {
            if (Parent(record, parent) is not { } next)
            {
                return null;
            }

            record = next;
        }

        return record[path.Field];
    }

    public OrgRecord? Parent(OrgRecord record, FieldDefinition reference) =>
        record[reference] is string id ? state.Find(id) : null;

    /// <summary>Rows found through an index, in the order in which they were made; null when the filter has none.</summary>
    private List<OrgRecord>? Candidates(SoqlQuery query)
    {
        if (query.Where is null || Candidates(query.From, query.Where) is not { } found)
        {
            return null;
        }

        var rows = found.Distinct().ToList();
        rows.Sort((a, b) => string.CompareOrdinal(a.Id, b.Id));
        return rows;
    }

    /// <summary>One indexed term of an AND is enough, an OR needs one in each of its terms.</summary>
    private IEnumerable<OrgRecord>? Candidates(ObjectDefinition from, Condition condition)
    {
        switch (condition)
        {
            case AndCondition and:
                return and.Terms.Select(t => Candidates(from, t)).FirstOrDefault(rows => rows is not null);
            case OrCondition or:
                var alternatives = or.Terms.Select(t => Candidates(from, t)).ToList();
                return alternatives.Contains(null) ? null : alternatives.SelectMany(rows => rows!);
            case CompareCondition { Operator: "=", Value: not (null or Span) } compare when IsIndexed(compare.Path):
                return state.WithValue(from, compare.Path.Field, compare.Value);
            case InCondition { Negated: false, Subquery: null } @in when IsIndexed(@in.Path) && !@in.Values.Contains(null):
                return @in.Values.SelectMany(v => state.WithValue(from, @in.Path.Field, v!)!);
            default:
                return null;
        }
    }

    private static bool IsIndexed(FieldPath path) => path is { Parents.Count: 0, Field: { Indexed: true } or { Type: "id" } };

    private bool Holds(Condition condition, OrgRecord record) => condition switch
    {
        AndCondition and => and.Terms.All(t => Holds(t, record)),
        OrCondition or => or.Terms.Any(t => Holds(t, record)),
        NotCondition not => !Holds(not.Term, record),
        CompareCondition compare => Compare(compare, Value(record, compare.Path)),
        LikeCondition like => Value(record, like.Path) is string text && LikePattern.Matches(like.Pattern, text),
        InCondition @in => Contains(@in, Value(record, @in.Path)) != @in.Negated,
        IncludesCondition includes => Includes(includes, Value(record, includes.Path) as string) != includes.Negated,
        _ => false,
    };

    private static bool Includes(IncludesCondition condition, string? value)
    {
        var chosen = value?.Split(';') ?? [];
        return condition.Sets.Any(set => set.Split(';').All(v => chosen.Contains(v, StringComparer.OrdinalIgnoreCase)));
    }

    private bool Contains(InCondition condition, object? value)
    {
        if (condition.Subquery is { } inner)
        {
            if (!_subqueries.TryGetValue(inner, out var ids))
            {
                _subqueries[inner] = ids = [.. Run(inner).Select(r => Value(r, inner.Select[0])).OfType<object>()];
            }

            return value is not null && ids.Contains(value);
        }

        if (!_sets.TryGetValue(condition, out var set))
        {
            _sets[condition] = set = new ValueSet(condition);
        }

        return set.Contains(value);
    }

    private static bool Compare(CompareCondition condition, object? value)
    {
        if (condition.Value is null)
        {
            return condition.Operator switch { "=" => value is null, "!=" => value is not null, _ => false };
        }

        if (value is null)
        {
            return condition.Operator == "!=";
        }

        if (condition.Value is Span span)
        {
            var at = value is DateOnly day ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) : (DateTimeOffset)value;
            return condition.Operator switch
            {
                "=" => at >= span.From && at < span.Until,
                "!=" => at < span.From || at >= span.Until,
                "<" => at < span.From,
                "<=" => at < span.Until,
                ">" => at >= span.Until,
                _ => at >= span.From,
            };
        }

        var order = Order(condition.Path.Field, value, condition.Value);
        return condition.Operator switch
        {
            "=" => order == 0,
            "!=" => order != 0,
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    private static int Order(FieldDefinition field, object a, object b) => (a, b) switch
    {
        (string x, string y) => string.Compare(x, y, field.IsId || field.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase),
        (IComparable x, _) when a.GetType() == b.GetType() => x.CompareTo(b),
        _ => -1,
    };

    private IOrderedEnumerable<OrgRecord> Sorted(IEnumerable<OrgRecord> rows, IReadOnlyList<Ordering> order)
    {
        var sorted = rows.OrderBy(_ => 0);
        foreach (var by in order)
        {
            sorted = sorted.ThenBy(r => r, Comparer<OrgRecord>.Create((x, y) =>
            {
                var (a, b) = (Value(x, by.Path), Value(y, by.Path));
                return a is null || b is null
                    ? a is null && b is null ? 0 : (a is null) != by.NullsLast ? -1 : 1
                    : by.Descending ? -Order(by.Path.Field, a, b) : Order(by.Path.Field, a, b);
            }));
        }

        return sorted;
    }

    /// <summary>The values of an IN list, compared by the field's rule of case.</summary>
    private sealed class ValueSet
    {
        private readonly HashSet<string> _texts;
        private readonly HashSet<object> _others = [];
        private readonly List<Span> _spans = [];
        private readonly bool _null;

        public ValueSet(InCondition condition)
        {
            var field = condition.Path.Field;
            _texts = new(field.IsId || field.CaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
            foreach (var value in condition.Values)
            {
                switch (value)
                {
                    case null: _null = true; break;
                    case string text: _texts.Add(text); break;
                    case Span span: _spans.Add(span); break;
                    default: _others.Add(value); break;
                }
            }
        }

        public bool Contains(object? value) => value switch
        {
            null => _null,
            string text => _texts.Contains(text),
            _ => _others.Contains(value) || (value is DateTimeOffset at && _spans.Exists(s => at >= s.From && at < s.Until)),
        };
    }
}
