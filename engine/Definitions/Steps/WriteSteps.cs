namespace WorkflowEngine.Definitions;

/// <summary>Steps that write records of an entity.</summary>
public abstract record WriteStep : StepDefinition
{
    public required EntityReference Entity { get; init; }
}

/// <summary>Steps that write fields.</summary>
public abstract record SetStep : WriteStep
{
    public SetBlock? Set { get; init; }

    /// <summary>Path of a mappings file, relative to the flow's folder; own lines win.</summary>
    public Located<string>? SetFrom { get; init; }

    /// <summary>Default keep.</summary>
    public Located<EmptyRule>? Empty { get; init; }
}

public sealed record UpsertStep : SetStep
{
    public IReadOnlyList<MatchRule> Match { get; init; } = [];

    public SetBlock? SetOnCreate { get; init; }

    public SetBlock? SetOnUpdate { get; init; }

    /// <summary>Whether a record that a later rule found may be taken over; may read <c>found</c>.</summary>
    public ConditionDefinition? Adopt { get; init; }

    public Located<OnAmbiguous>? OnAmbiguous { get; init; }

    public Located<OnOwned>? OnOwned { get; init; }

    public Located<OnDeleted>? OnDeleted { get; init; }

    public Located<bool>? SkipUnchanged { get; init; }
}

public sealed record CreateStep : SetStep
{
    /// <summary>The field that carries the key in the target, and the key.</summary>
    public SetBlock? Once { get; init; }
}

public sealed record UpdateStep : SetStep
{
    public ValueDefinition? Record { get; init; }

    public WhereClause? Where { get; init; }

    public Located<OrElse>? OrElse { get; init; }

    public Located<bool>? All { get; init; }

    public Located<bool>? SkipUnchanged { get; init; }

    public Located<bool>? Scan { get; init; }
}

public sealed record DeleteStep : WriteStep
{
    public ValueDefinition? Record { get; init; }

    public WhereClause? Where { get; init; }

    public Located<OrElse>? OrElse { get; init; }

    public Located<bool>? All { get; init; }

    public Located<bool>? Scan { get; init; }
}

public sealed record SyncStep : SetStep
{
    /// <summary>The fields that tie the children to their one record.</summary>
    public SetBlock? Within { get; init; }

    public ValueDefinition? Each { get; init; }

    /// <summary>Default <c>item</c>.</summary>
    public Located<string>? As { get; init; }

    public IReadOnlyList<MatchRule> Match { get; init; } = [];

    public SetBlock? SetOnCreate { get; init; }

    public SetBlock? SetOnUpdate { get; init; }

    public MissingDefinition? Missing { get; init; }
}

/// <summary><c>missing: keep | delete | { set: … }</c>; the set is given only with the rule Set.</summary>
public sealed record MissingDefinition(SourceSpan Span, MissingRule Rule, SetBlock? Set);

public sealed record MergeStep : WriteStep
{
    public ValueDefinition? Keep { get; init; }

    public ValueDefinition? Remove { get; init; }

    /// <summary>Per field one of keep, filled, newest, oldest, longest (a literal), or an expression over <c>records</c>.</summary>
    public SetBlock? Survivorship { get; init; }

    /// <summary>Why they are the same, in words for the journal and a plan.</summary>
    public ValueDefinition? Because { get; init; }
}
