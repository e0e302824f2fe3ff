namespace WorkflowEngine.Definitions;

/// <summary>Steps that read records of an entity.</summary>
public abstract record ReadStep : StepDefinition
{
    public required EntityReference Entity { get; init; }

    public WhereClause? Where { get; init; }

    /// <summary>Allows fields in where that the vendor cannot filter on.</summary>
    public Located<bool>? Scan { get; init; }
}

public sealed record LookupStep : ReadStep
{
    public IReadOnlyList<OrderTerm> OrderBy { get; init; } = [];

    public Located<OrElse>? OrElse { get; init; }

    public Located<OnSeveral>? OnSeveral { get; init; }
}

public sealed record QueryStep : ReadStep
{
    public IReadOnlyList<OrderTerm> OrderBy { get; init; } = [];

    public Located<long>? Limit { get; init; }
}

public sealed record AggregateStep : ReadStep
{
    public IReadOnlyList<Located<string>> GroupBy { get; init; } = [];

    public IReadOnlyList<AggregateLine> Sum { get; init; } = [];

    public IReadOnlyList<AggregateLine> Min { get; init; } = [];

    public IReadOnlyList<AggregateLine> Max { get; init; } = [];
}

/// <summary>A field to sort by; written with a minus in front for descending order.</summary>
public sealed record OrderTerm(SourceSpan Span, Located<string> Field, bool Descending);

/// <summary><c>name: Field</c> of sum, min or max.</summary>
public sealed record AggregateLine(Located<string> Name, Located<string> Field);
