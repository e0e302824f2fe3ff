using System.Globalization;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Soql;

/// <summary>Reads a query and resolves its names against the org at once, with the vendor's messages for what is wrong.</summary>
internal sealed partial class SoqlParser
{
    /// <summary>The vendor's longest statement.</summary>
    private const int LongestQuery = 100_000;
    private const int DeepestNesting = 64;
    private const int MostHops = 5;
    private const int MostSemiJoins = 2;

    private readonly string _query;
    private readonly OrgSchema _schema;
    private readonly DateTimeOffset _now;
    private readonly List<SoqlToken> _tokens;
    private FieldDefinition? _childReference;
    private int _next;
    private int _depth;
    private int _semiJoins;

    private SoqlParser(string query, OrgSchema schema, DateTimeOffset now)
    {
        (_query, _schema, _now) = (query, schema, now);
        _tokens = SoqlLexer.Read(query);
    }

    private SoqlToken Current => _tokens[_next];

    public static SoqlQuery Parse(string query, OrgSchema schema, DateTimeOffset now)
    {
        if (query.Length > LongestQuery)
        {
            throw SalesforceErrors.Refuse(400, "MALFORMED_QUERY", "SOQL statements cannot be longer than 100000 characters.");
        }

        var parser = new SoqlParser(query, schema, now);
        var parsed = parser.Query(null);
        return parser.Current.Kind is TokenKind.End ? parsed : throw parser.Unexpected();
    }

    /// <summary>The select list is read after FROM, which alone says what its names mean.</summary>
    private SoqlQuery Query(ObjectDefinition? parent)
    {
        Expect("SELECT");
        var select = _next;
        SkipSelect();
        Expect("FROM");
        var from = Name();
        FieldDefinition? reference = null;
        ObjectDefinition definition;
        if (parent is null)
        {
            definition = _schema.Find(from.Raw) ?? throw SoqlFault.At(
                "INVALID_TYPE", _query, from.At,
                $"sObject type '{from.Raw}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.");
        }
        else
        {
            (definition, reference) = _schema.Children(parent).FirstOrDefault(c => from.Raw.Equals(c.Field.ChildRelationship, StringComparison.OrdinalIgnoreCase));
            if (reference is null)
            {
                throw SoqlFault.At("INVALID_TYPE", _query, from.At, $"Didn't understand relationship '{from.Raw}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.");
            }
        }

        var after = _next;
        _next = select;
        var outer = _group;
        _group = null;
        var query = SelectList(new SoqlQuery(definition), parent is null, out var items);
        _next = after;
        if (Take("WHERE"))
        {
            query = query with { Where = Conditions(definition, parent is null) };
        }

        if (!query.Count)
        {
            query = Group(query, items);
        }

        query = Tail(query);
        _group = outer;
        _childReference = reference;
        return query;
    }

    private SoqlQuery Tail(SoqlQuery query)
    {
        if (Take("ORDER"))
        {
            Expect("BY");
            List<Ordering> order = [];
            do
            {
                var path = Field(query.From, Name());
                var descending = Take("DESC");
                if (!descending)
                {
                    Take("ASC");
                }

                var last = false;
                if (Take("NULLS"))
                {
                    last = Take("LAST");
                    if (!last)
                    {
                        Expect("FIRST");
                    }
                }

                order.Add(new Ordering(path, descending, last));
            }
            while (Take(","));
            query = query with { OrderBy = order };
        }

        if (Take("LIMIT"))
        {
            query = query with { Limit = Count() };
        }

        if (Take("OFFSET"))
        {
            var at = Current.At;
            var offset = Count();
            query = offset <= 2_000 ? query with { Offset = offset }
                : throw SoqlFault.At("NUMBER_OUTSIDE_VALID_RANGE", _query, at, "Maximum SOQL offset allowed is 2000");
        }

        return query;
    }

    private Condition Conditions(ObjectDefinition on, bool subqueries)
    {
        if (++_depth > DeepestNesting)
        {
            throw SoqlFault.Malformed(_query, Current.At, "The query is nested too deeply.");
        }

        List<Condition> terms = [Term(on, subqueries)];
        var word = Current.Is("AND") ? "AND" : Current.Is("OR") ? "OR" : null;
        while (word is not null && Take(word))
        {
            terms.Add(Term(on, subqueries));
        }

        // AND and OR at one level need parentheses.
        if (Current.Is("AND") || Current.Is("OR"))
        {
            throw Unexpected();
        }

        if (word == "OR" && terms.Exists(HasSubquery))
        {
            throw SoqlFault.Malformed(_query, Current.At, "Semi join sub-selects are not allowed with the 'OR' operator");
        }

        _depth--;
        return terms.Count == 1 ? terms[0] : word == "AND" ? new AndCondition(terms) : new OrCondition(terms);
    }

    private static bool HasSubquery(Condition condition) => condition switch
    {
        AndCondition and => and.Terms.Any(HasSubquery),
        NotCondition not => HasSubquery(not.Term),
        InCondition { Subquery: not null } => true,
        _ => false,
    };

    private Condition Term(ObjectDefinition on, bool subqueries)
    {
        if (Take("NOT"))
        {
            if (++_depth > DeepestNesting)
            {
                throw SoqlFault.Malformed(_query, Current.At, "The query is nested too deeply.");
            }

            var negated = new NotCondition(Term(on, subqueries));
            _depth--;
            return negated;
        }

        if (Take("("))
        {
            var inner = Conditions(on, subqueries);
            Expect(")");
            return inner;
        }

        var token = Name();
        var path = Field(on, token);
        if (!path.Field.Filterable)
        {
            throw SoqlFault.Field(_query, token.At, $"field '{token.Raw}' can not be filtered in a query call");
        }

        var negative = Take("NOT");
        if (Take("IN"))
        {
            return In(path, negative, subqueries);
        }

        if (negative)
        {
            throw Unexpected();
        }

        if (Take("LIKE"))
        {
            var pattern = Current;
            if (!path.Field.IsText || pattern.Kind is not TokenKind.Text)
            {
                throw SoqlFault.At("INVALID_QUERY_FILTER_OPERATOR", _query, token.At, $"invalid operator on {path.Field.Type} field");
            }

            _next++;
            return new LikeCondition(path, SoqlLexer.Unescape(_query, pattern, pattern: true));
        }

        if (Current.Is("INCLUDES") || Current.Is("EXCLUDES"))
        {
            var negated = Current.Is("EXCLUDES");
            _next++;
            return new IncludesCondition(path, [.. List(path).Select(v => v as string ?? "")], negated);
        }

        var op = Current;
        if (!(op.Is("=") || op.Is("!=") || op.Is("<>") || op.Is("<") || op.Is("<=") || op.Is(">") || op.Is(">=")))
        {
            throw Unexpected();
        }

        _next++;
        return new CompareCondition(path, op.Raw == "<>" ? "!=" : op.Raw, Value(path));
    }

    private InCondition In(FieldPath path, bool negated, bool subqueries)
    {
        if (Current.Is("(") && _tokens[_next + 1].Is("SELECT"))
        {
            if (!subqueries || ++_depth > DeepestNesting)
            {
                throw Unexpected();
            }

            if (++_semiJoins > MostSemiJoins)
            {
                throw SoqlFault.Malformed(_query, Current.At, "At most two semi join sub-selects are allowed in one query.");
            }

            _next++;
            var inner = Query(null);
            _depth--;
            Expect(")");
            return inner is { Select: [_], Children: [], Count: false, Grouping: null }
                ? new InCondition(path, [], inner, negated) : throw SoqlFault.Malformed(_query, Current.At, "The inner select must have one field.");
        }

        return new InCondition(path, List(path), null, negated);
    }

    private List<object?> List(FieldPath path)
    {
        Expect("(");
        List<object?> values = [];
        do
        {
            values.Add(Value(path));
        }
        while (Take(","));
        Expect(")");
        return values;
    }

    private FieldPath Field(ObjectDefinition on, SoqlToken token) => _group is null ? Path(on, token) : Grouped(on, token);

    private FieldPath Path(ObjectDefinition on, SoqlToken token)
    {
        var names = token.Raw.Split('.');
        List<FieldDefinition> parents = [];
        var current = on;
        // A path may begin with the object's own name.
        foreach (var name in names[..^1].SkipWhile((n, i) => i == 0 && n.Equals(on.Name, StringComparison.OrdinalIgnoreCase) && on.FindRelationship(n) is null))
        {
            var reference = current.FindRelationship(name);
            if (reference is null || parents.Count == MostHops || _schema.Find(reference.ReferenceTo[0]) is not { } parent)
            {
                throw SoqlFault.NoRelation(_query, token.At, name, token.Raw);
            }

            parents.Add(reference);
            current = parent;
        }

        return new FieldPath(parents, current.Find(names[^1]) is { WriteOnly: false } found ? found : throw SoqlFault.NoColumn(_query, token.At, names[^1], current.Name));
    }

    private object? Value(FieldPath path)
    {
        var token = Current;
        if (token.Kind is not (TokenKind.Name or TokenKind.Literal or TokenKind.Text))
        {
            throw Unexpected();
        }

        _next++;
        return SoqlValue.Read(_query, token, path.Field, _now);
    }

    private int Count()
    {
        var token = Current;
        if (token.Kind is TokenKind.Literal && int.TryParse(token.Raw, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            _next++;
            return number;
        }

        throw Unexpected();
    }

    private SoqlToken Name()
    {
        var token = Current;
        if (token.Kind is not TokenKind.Name || Keyword(token))
        {
            throw Unexpected();
        }

        _next++;
        return token;
    }

    private static bool Keyword(SoqlToken token) =>
        token.Is("SELECT") || token.Is("FROM") || token.Is("WHERE") || token.Is("AND") || token.Is("OR") || token.Is("LIMIT") || token.Is("IN") || token.Is("LIKE");

    private bool Take(string word)
    {
        if (!Current.Is(word))
        {
            return false;
        }

        _next++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Take(word))
        {
            throw Unexpected();
        }
    }

    private Refusal Unexpected() => SoqlFault.Malformed(_query, Current.At, $"unexpected token: '{Current.Raw}'");
}
