namespace WorkflowEngine.Abstractions;

/// <summary>A typed condition on the records of one entity; built from <c>where</c> and from match rules, never from text.</summary>
public abstract record Condition
{
    /// <summary>Every comparison inside, in the order written.</summary>
    public IEnumerable<FieldCondition> Fields() => this switch
    {
        FieldCondition field => [field],
        AllOf all => all.Parts.SelectMany(p => p.Fields()),
        AnyOf any => any.Parts.SelectMany(p => p.Fields()),
        _ => [],
    };
}

/// <summary>One field compared with values.</summary>
/// <param name="Path">The field's path: <c>Email</c>, <c>address.zip</c>, <c>contacts.value</c> (any row of the child list), <c>Account.OwnerId</c>.</param>
/// <param name="Operator">The comparison.</param>
/// <param name="Values">Never null or empty text inside; one value for the ordered comparisons and <c>Like</c>.</param>
public sealed record FieldCondition(string Path, Comparison Operator, IReadOnlyList<object> Values) : Condition;

/// <summary>All hold.</summary>
/// <param name="Parts">The conditions; empty = every record.</param>
public sealed record AllOf(IReadOnlyList<Condition> Parts) : Condition;

/// <summary>At least one holds.</summary>
/// <param name="Parts">The conditions; empty = no record.</param>
public sealed record AnyOf(IReadOnlyList<Condition> Parts) : Condition;
