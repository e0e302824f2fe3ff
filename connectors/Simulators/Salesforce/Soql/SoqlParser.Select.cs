using System.Globalization;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Soql;

/// <summary>The select list; and sums: functions in it, GROUP BY, HAVING, whose rows are records of a shape of their own.</summary>
internal sealed partial class SoqlParser
{
    private GroupBuilder? _group;

    private void SkipSelect()
    {
        for (var open = 0; open > 0 || !Current.Is("FROM"); _next++)
        {
            if (Current.Kind is TokenKind.End || (Current.Is("SELECT") && open == 0))
            {
                throw Unexpected();
            }

            open += Current.Is("(") ? 1 : Current.Is(")") ? -1 : 0;
        }
    }

    private SoqlQuery SelectList(SoqlQuery query, bool outermost, out List<SelectItem> items)
    {
        items = [];
        if (Current.Is("COUNT") && _tokens[_next + 1].Is("(") && _tokens[_next + 2].Is(")"))
        {
            _next += 3;
            return Current.Is("FROM") ? query with { Count = true } : throw Unexpected();
        }

        List<FieldPath> fields = [];
        List<ChildQuery> children = [];
        do
        {
            if (Take("("))
            {
                if (!outermost || ++_depth > DeepestNesting)
                {
                    throw Unexpected();
                }

                var child = Query(query.From);
                var reference = _childReference!;
                _depth--;
                Expect(")");
                children.Add(new ChildQuery(reference.ChildRelationship!, reference, child));
                continue;
            }

            var token = Name();
            if (token.Is("FIELDS") && Take("("))
            {
                var which = Name();
                Expect(")");
                fields.AddRange(query.From.Fields
                    .Where(f => !f.WriteOnly && (which.Is("ALL") || (which.Is("CUSTOM") ? f.Custom : which.Is("STANDARD") ? !f.Custom : throw Unexpected())))
                    .Select(f => new FieldPath([], f)));
                continue;
            }

            var item = IsFunction(token) ? Function(query.From, token)
                : Current.Is("(") ? throw SoqlFault.Malformed(_query, token.At, $"'{token.Raw}(...)' is not simulated.")
                : new SelectItem(Path(query.From, token), null, null, token.At);
            items.Add(item with { Alias = Alias() });
            fields.Add(item.Path);
        }
        while (Take(","));

        return Current.Is("FROM") ? query with { Select = fields, Children = children } : throw Unexpected();
    }

    private bool IsFunction(SoqlToken token) =>
        Current.Is("(") && (token.Is("COUNT") || token.Is("COUNT_DISTINCT") || token.Is("SUM") || token.Is("MIN") || token.Is("MAX") || token.Is("AVG"));

    private string? Alias()
    {
        if (Current.Kind is not TokenKind.Name || Current.Is("FROM"))
        {
            return null;
        }

        var alias = Current.Raw;
        _next++;
        return alias;
    }

    private SelectItem Function(ObjectDefinition on, SoqlToken token)
    {
        Expect("(");
        var name = Name();
        var path = Path(on, name);
        Expect(")");
        var function = token.Raw.ToUpperInvariant();
        if (function is "SUM" or "AVG" && !path.Field.IsNumber)
        {
            throw SoqlFault.Field(_query, token.At, $"field {name.Raw} does not support aggregate operator {function}");
        }

        return new SelectItem(path, function, null, token.At);
    }

    /// <summary>Turns the select list into columns once it is known whether the query sums.</summary>
    private SoqlQuery Group(SoqlQuery query, List<SelectItem> items)
    {
        var grouped = Take("GROUP");
        if (!grouped && items.TrueForAll(i => i.Function is null))
        {
            return items.Find(i => i.Alias is not null) is { } aliased ? throw SoqlFault.Malformed(_query, aliased.At, "only aggregate expressions use field aliasing") : query;
        }

        List<FieldPath> by = [];
        if (grouped)
        {
            Expect("BY");
            do
            {
                var token = Name();
                var path = Path(query.From, token);
                if (!path.Field.Filterable || path.Field.Type is "address")
                {
                    throw SoqlFault.Field(_query, token.At, $"field '{token.Raw}' can not be grouped in a query call");
                }

                by.Add(path);
            }
            while (Take(","));
        }

        var builder = new GroupBuilder(query.From, by);
        foreach (var item in items)
        {
            if (item.Function is null && !by.Exists(b => Equal(b, item.Path)))
            {
                throw SoqlFault.Malformed(_query, item.At, $"Field must be grouped or aggregated: {item.Path.Field.Name}");
            }

            builder.Select(item);
        }

        _group = builder;
        var having = Take("HAVING") ? Conditions(query.From, subqueries: false) : null;
        return query with { Grouping = builder, Having = having };
    }

    /// <summary>A name behind GROUP BY: a grouped field or a function over the group.</summary>
    private FieldPath Grouped(ObjectDefinition on, SoqlToken token)
    {
        if (IsFunction(token))
        {
            return new FieldPath([], _group!.Column(Function(on, token)));
        }

        if (_group!.Named(token.Raw) is { } alias)
        {
            return new FieldPath([], alias);
        }

        var path = Path(on, token);
        return _group.By.FirstOrDefault(b => Equal(b, path)) is not null
            ? new FieldPath([], _group.Column(new SelectItem(path, null, null, token.At)))
            : throw SoqlFault.Malformed(_query, token.At, $"Field must be grouped or aggregated: {token.Raw}");
    }

    internal static bool Equal(FieldPath a, FieldPath b) => a.Field == b.Field && a.Parents.SequenceEqual(b.Parents);

    private sealed record SelectItem(FieldPath Path, string? Function, string? Alias, int At);

    /// <summary>Collects the columns of a sum.</summary>
    private sealed class GroupBuilder(ObjectDefinition from, IReadOnlyList<FieldPath> by) : IGrouping
    {
        private readonly List<GroupColumn> _columns = [];
        private readonly Dictionary<string, FieldDefinition> _aliases = new(StringComparer.OrdinalIgnoreCase);
        private int _unnamed;

        public ObjectDefinition Shape { get; } = new("AggregateResult", "000", custom: false);

        public IReadOnlyList<FieldPath> By => by;

        public IReadOnlyList<GroupColumn> Columns => _columns;

        public FieldDefinition? Named(string alias) => _aliases.GetValueOrDefault(alias);

        public void Select(SelectItem item)
        {
            var name = item.Alias ?? (item.Function is null ? item.Path.Field.Name : string.Create(CultureInfo.InvariantCulture, $"expr{_unnamed++}"));
            var field = Add(item, name, selected: true);
            if (item.Alias is not null)
            {
                _aliases[item.Alias] = field;
            }
        }

        public FieldDefinition Column(SelectItem item) =>
            _columns.Find(c => c.Function == item.Function && Equal(c.Path, item.Path))?.Field ?? Add(item, string.Create(CultureInfo.InvariantCulture, $"hidden{_columns.Count}"), selected: false);

        private FieldDefinition Add(SelectItem item, string name, bool selected)
        {
            var field = item.Function switch
            {
                "COUNT" or "COUNT_DISTINCT" => new FieldDefinition { Name = name, Type = "int" },
                "SUM" or "AVG" => new FieldDefinition { Name = name, Type = "double" },
                _ => new FieldDefinition { Name = name, Type = item.Path.Field.Type, CaseSensitive = item.Path.Field.CaseSensitive },
            };
            _columns.Add(new GroupColumn(field, item.Function, item.Path, selected));
            return field;
        }

        public override string ToString() => $"groups of {from.Name}";
    }
}
