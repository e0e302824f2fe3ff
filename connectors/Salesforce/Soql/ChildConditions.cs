using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Soql;

/// <summary>
/// Conditions on lists of children. Salesforce answers them by a query inside the query, of which it takes two, and none beside an OR: what is more is asked in several queries.
/// </summary>
internal sealed class ChildConditions(OrgSchema schema, string entity)
{
    private const int MostInside = 2;
    private const int MostQueries = 16;

    /// <summary>The list a condition is about, where one query inside the query answers all of it; null for any other condition.</summary>
    public ChildList? Of(Condition condition)
    {
        switch (condition)
        {
            case FieldCondition field:
                return schema.Children(entity, field.Path) is { } list && field.Path.Length > list.Name.Length ? list : null;
            case AnyOf { Parts: [FieldCondition first, _, ..] } any when Of(first) is { } shared:
                // "One of its phones, of one of the children" is one question.
                return any.Parts.All(p => p is FieldCondition { Operator: not (Comparison.NotIn or Comparison.IsNull) } && Of(p) == shared) ? shared : null;
            default:
                return null;
        }
    }

    /// <summary>Such a condition as one on the child, and whether it is to fit no child rather than some.</summary>
    public static (Condition Condition, bool Without) Inside(Condition condition)
    {
        switch (condition)
        {
            case AnyOf any:
                return (new AnyOf([.. any.Parts.Select(p => Inside(p).Condition)]), false);
            case FieldCondition field:
                var own = field with { Path = field.Path[(field.Path.IndexOf('.', StringComparison.Ordinal) + 1)..] };
                return field.Operator switch
                {
                    Comparison.NotIn => (own with { Operator = Comparison.In }, true),
                    Comparison.IsNull => (own with { Operator = Comparison.IsNotNull }, true),
                    _ => (own, false),
                };
            default:
                throw new ArgumentException("A condition on children was expected.", nameof(condition));
        }
    }

    /// <summary>Whether Salesforce takes the condition as it is.</summary>
    public bool CanBeAsked(Condition condition) => Count(condition, beside: false) <= MostInside;

    /// <summary>Conditions that together find what this one finds and that Salesforce takes each; null when there are none, or too many.</summary>
    public IReadOnlyList<Condition>? Askable(Condition condition)
    {
        if (CanBeAsked(condition)) return [condition];
        if (Alternatives(condition) is not { } alternatives) return null;
        var all = new List<Condition>();
        foreach (var alternative in alternatives)
        {
            if (Askable(alternative) is not { } some) return null;
            all.AddRange(some);
            if (all.Count > MostQueries) return null;
        }

        return all;
    }

    // An OR taken apart: (a OR b) AND c is a AND c, b AND c.
    private IEnumerable<Condition>? Alternatives(Condition condition) => condition switch
    {
        AnyOf any => any.Parts,
        AllOf all when all.Parts.FirstOrDefault(p => p is AnyOf && Of(p) is null && Count(p, beside: false) > 0) is AnyOf inner =>
            inner.Parts.Select(p => ConditionForms.All([.. all.Parts.Where(other => !ReferenceEquals(other, inner)), p])),
        _ => null,
    };

    // Queries inside the query; more than any bound where one stands beside an OR.
    private int Count(Condition condition, bool beside) => condition switch
    {
        _ when Of(condition) is not null => beside ? MostInside + 1 : 1,
        AllOf all => all.Parts.Sum(p => Count(p, beside)),
        AnyOf any => any.Parts.Sum(p => Count(p, beside || any.Parts.Count > 1)),
        _ => 0,
    };
}
