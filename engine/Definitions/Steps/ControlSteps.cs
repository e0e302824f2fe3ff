namespace WorkflowEngine.Definitions;

public sealed record MapStep : StepDefinition
{
    public required SetBlock Lines { get; init; }
}

public sealed record BranchStep : StepDefinition
{
    public required IReadOnlyList<BranchCase> Cases { get; init; }

    public BranchOtherwise? Otherwise { get; init; }
}

public sealed record BranchCase(SourceSpan Span, Located<string> Name, ConditionDefinition When, IReadOnlyList<StepDefinition> Do);

public sealed record BranchOtherwise(SourceSpan Span, SourceSpan KeySpan, IReadOnlyList<StepDefinition> Do);

public sealed record ForEachStep : StepDefinition
{
    public required ValueDefinition List { get; init; }

    /// <summary>Default <c>item</c>.</summary>
    public Located<string>? As { get; init; }

    public required IReadOnlyList<StepDefinition> Do { get; init; }

    public ValueDefinition? Output { get; init; }

    public Located<OnItemError>? OnItemError { get; init; }

    public Located<long>? Concurrency { get; init; }
}

/// <summary>A durable pause: exactly one of For, Until and Review is given.</summary>
public sealed record WaitStep : StepDefinition
{
    /// <summary><c>wait: 2h</c>: a duration, or an expression that gives one.</summary>
    public ValueDefinition? For { get; init; }

    /// <summary><c>wait: { until: =… }</c>: an instant.</summary>
    public ValueDefinition? Until { get; init; }

    /// <summary><c>wait: { review: text }</c>: a person decides; the text tells them what.</summary>
    public ValueDefinition? Review { get; init; }

    public Located<bool>? ReleaseKey { get; init; }
}

/// <summary>Steps that end or remark on a run; the message may be an expression.</summary>
public abstract record EndStep : StepDefinition
{
    public required ValueDefinition Message { get; init; }
}

public sealed record StopStep : EndStep;

public sealed record FailStep : EndStep;

/// <summary>Ends one item of the surrounding forEach.</summary>
public sealed record NextStep : EndStep;

public sealed record WarnStep : EndStep
{
    /// <summary>Names the incident that is opened and later closed.</summary>
    public ValueDefinition? Key { get; init; }
}
