namespace WorkflowEngine.Definitions;

/// <summary>Reads conditions on records, rules of matching and orders.</summary>
internal sealed class QueryReader(ShapeReader shapes, ValueReader values)
{
    private const string MatchExample = "match: [[ServiceTitan_Customer_Id__c], [Phone, BillingPostalCode]]";

    private static readonly Dictionary<string, WhereOperator> Operators = new(StringComparer.Ordinal)
    {
        ["in"] = WhereOperator.In,
        ["notIn"] = WhereOperator.NotIn,
        ["gt"] = WhereOperator.Gt,
        ["gte"] = WhereOperator.Gte,
        ["lt"] = WhereOperator.Lt,
        ["lte"] = WhereOperator.Lte,
        ["like"] = WhereOperator.Like,
        ["not"] = WhereOperator.Not,
        ["is"] = WhereOperator.Is,
    };

    public WhereClause? Where(YamlEntry? entry) => entry is null ? null : Where(entry.Value, entry.Key.Value);

    public IReadOnlyList<MatchRule> Match(YamlEntry? entry)
    {
        if (entry is null || shapes.Sequence(entry.Value, "a list of rules for 'match'", MatchExample) is not { } sequence)
        {
            return [];
        }

        return [.. sequence.Items.Select(Rule).OfType<MatchRule>()];
    }

    public IReadOnlyList<OrderTerm> OrderBy(YamlEntry? entry)
    {
        if (entry is null)
        {
            return [];
        }

        var terms = new List<OrderTerm>();
        foreach (var node in entry.Value is YamlSequence sequence ? sequence.Items : [entry.Value])
        {
            if (shapes.Text(node, entry.Key.Value, "[-createdOn]") is not null && node is YamlScalar scalar)
            {
                var skip = scalar.Value.StartsWith('-') ? 1 : 0;
                terms.Add(new OrderTerm(scalar.Span, ReferenceReader.Part(scalar, skip, scalar.Value.Length - skip), skip == 1));
            }
        }

        return terms;
    }

    private WhereClause? Where(YamlNode node, string key)
    {
        if (shapes.Mapping(node, $"fields and values for '{key}'", $"{key}: {{ customerId: =input.id }}") is not { } mapping)
        {
            return null;
        }

        var lines = new List<WhereLine>();
        foreach (var entry in mapping.Entries)
        {
            var line = entry.Key.Value == "any" ? Any(entry) : Field(entry);
            if (line is not null)
            {
                lines.Add(line);
            }
        }

        return new WhereClause(mapping.Span, lines);
    }

    private WhereLine? Any(YamlEntry entry)
    {
        if (shapes.Sequence(entry.Value, "a list of conditions for 'any'", "any: [{ Email: =a.email }, { Phone: =a.phone }]") is not { } sequence)
        {
            return null;
        }

        return new WhereAny(entry.Key.Span.To(entry.Value.Span), entry.Key.Span, [.. sequence.Items.Select(i => Where(i, "any")).OfType<WhereClause>()]);
    }

    private WhereLine? Field(YamlEntry entry)
    {
        var span = entry.Key.Span.To(entry.Value.Span);
        if (entry.Value is YamlMapping mapping && mapping.Find("ref") is null && mapping.Find("literal") is null)
        {
            if (mapping.Entries.Count == 0)
            {
                shapes.Wrong(entry.Value, $"a value or comparisons for '{entry.Key.Value}'", $"{entry.Key.Value}: {{ gte: 1 }}");
                return null;
            }

            return new WhereField(span, entry.Name, [.. mapping.Entries.Select(Test).OfType<WhereTest>()]);
        }

        if (values.Value(entry.Value) is not { } value)
        {
            return null;
        }

        var kind = value is ListValue ? WhereOperator.In : WhereOperator.Equal;
        return new WhereField(span, entry.Name, [new WhereTest(value.Span, value.Span, kind, value)]);
    }

    private WhereTest? Test(YamlEntry entry)
    {
        if (!Operators.TryGetValue(entry.Key.Value, out var kind))
        {
            shapes.Diagnostics.Add(ShapeDiagnostics.UnknownOperator(entry.Key.Span, entry.Key.Value, Operators.Keys));
            return null;
        }

        return values.Value(entry.Value) is { } value
            ? new WhereTest(entry.Key.Span.To(value.Span), entry.Key.Span, kind, value)
            : null;
    }

    private MatchRule? Rule(YamlNode node)
    {
        switch (node)
        {
            case YamlSequence { Items.Count: > 0 } sequence:
                return new MatchRule(node.Span, [.. sequence.Items.SelectMany(Terms)]);
            case YamlMapping { Entries.Count: > 0 }:
                return new MatchRule(node.Span, [.. Terms(node)]);
            default:
                shapes.Wrong(node, "a rule: a list of fields, or paths and values", MatchExample);
                return null;
        }
    }

    private IEnumerable<MatchTerm> Terms(YamlNode node)
    {
        if (node is YamlMapping mapping)
        {
            foreach (var entry in mapping.Entries)
            {
                if (values.Value(entry.Value) is { } value)
                {
                    yield return new MatchTerm(entry.Name, Alternatives(entry.Key), value);
                }
            }
        }
        else if (node is YamlScalar { Kind: YamlScalarKind.Text } scalar && !ShapeReader.IsExpression(scalar))
        {
            yield return new MatchTerm(new Located<string>(scalar.Value, scalar.Span), Alternatives(scalar), null);
        }
        else
        {
            shapes.Wrong(node, "the name of a field", MatchExample);
        }
    }

    private static IReadOnlyList<Located<string>> Alternatives(YamlScalar scalar)
    {
        var parts = new List<Located<string>>();
        var start = 0;
        foreach (var part in scalar.Value.Split('|'))
        {
            var trimmed = part.Trim();
            parts.Add(ReferenceReader.Part(scalar, start + part.IndexOf(trimmed, StringComparison.Ordinal), trimmed.Length));
            start += part.Length + 1;
        }

        return parts;
    }
}
