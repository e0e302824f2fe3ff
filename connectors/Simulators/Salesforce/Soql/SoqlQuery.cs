using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Soql;

/// <summary>A query whose names are resolved.</summary>
internal sealed record SoqlQuery(ObjectDefinition From)
{
    public bool Count { get; init; }

    public IReadOnlyList<FieldPath> Select { get; init; } = [];

    public IReadOnlyList<ChildQuery> Children { get; init; } = [];

    public Condition? Where { get; init; }

    /// <summary>Null for a query of records.</summary>
    public IGrouping? Grouping { get; init; }

    public Condition? Having { get; init; }

    public IReadOnlyList<Ordering> OrderBy { get; init; } = [];

    public int? Limit { get; init; }

    public int Offset { get; init; }
}

/// <summary>Parents to walk through, then the field itself.</summary>
internal sealed record FieldPath(IReadOnlyList<FieldDefinition> Parents, FieldDefinition Field);

internal sealed record ChildQuery(string Name, FieldDefinition Reference, SoqlQuery Query);

internal sealed record Ordering(FieldPath Path, bool Descending, bool NullsLast);

internal abstract record Condition;

internal sealed record AndCondition(IReadOnlyList<Condition> Terms) : Condition;

internal sealed record OrCondition(IReadOnlyList<Condition> Terms) : Condition;

internal sealed record NotCondition(Condition Term) : Condition;

/// <summary>The value is text, boolean, decimal, date, instant or null; a date literal gives a <see cref="Span"/> of time.</summary>
internal sealed record CompareCondition(FieldPath Path, string Operator, object? Value) : Condition;

internal sealed record LikeCondition(FieldPath Path, string Pattern) : Condition;

internal sealed record InCondition(FieldPath Path, IReadOnlyList<object?> Values, SoqlQuery? Subquery, bool Negated) : Condition;

internal sealed record IncludesCondition(FieldPath Path, IReadOnlyList<string> Sets, bool Negated) : Condition;

/// <summary>From the first instant until before the second.</summary>
internal sealed record Span(DateTimeOffset From, DateTimeOffset Until);

/// <summary>What a query that sums makes of the records.</summary>
internal interface IGrouping
{
    ObjectDefinition Shape { get; }

    IReadOnlyList<FieldPath> By { get; }

    IReadOnlyList<GroupColumn> Columns { get; }
}

/// <summary>One column; not selected ones only serve HAVING and ORDER BY.</summary>
internal sealed record GroupColumn(FieldDefinition Field, string? Function, FieldPath Path, bool Selected);
