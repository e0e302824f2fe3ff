namespace WorkflowEngine.Definitions;

/// <summary>What begins a run. Kinds: entity change or state, schedule, webhook, manual.</summary>
public abstract record TriggerDefinition
{
    public required SourceSpan Span { get; init; }

    /// <summary>The word that makes the kind (<c>on</c>, <c>schedule</c>, <c>webhook</c>, <c>manual</c>).</summary>
    public required Located<string> Kind { get; init; }

    public Located<string>? Id { get; init; }

    public WithDefinition? With { get; init; }

    /// <summary>A duration, or an expression over params that gives one.</summary>
    public ValueDefinition? Every { get; init; }

    public ConditionDefinition? Filter { get; init; }

    public Located<bool>? Sticky { get; init; }

    public Located<bool>? LatestOnly { get; init; }

    /// <summary>Null: decided by what the flow reads.</summary>
    public Located<bool>? OnlyWhenChanged { get; init; }

    /// <summary>A date or instant, or an expression over params.</summary>
    public ValueDefinition? Since { get; init; }
}

/// <summary><c>on: connection/entity.event</c>, or <c>on: connection/Entity</c> with <c>becomes</c>.</summary>
public sealed record EntityTrigger : TriggerDefinition
{
    public required EventReference On { get; init; }

    public WhereClause? Becomes { get; init; }
}

public sealed record ScheduleTrigger : TriggerDefinition
{
    /// <summary>A cron text, or an expression over params.</summary>
    public required ValueDefinition Schedule { get; init; }

    public ValueDefinition? TimeZone { get; init; }

    /// <summary>The source whose events each make a run; null for one run per tick.</summary>
    public EventReference? For { get; init; }

    /// <summary><c>after: drained</c>.</summary>
    public Located<string>? After { get; init; }
}

public sealed record WebhookTrigger : TriggerDefinition
{
    public required Located<string> Name { get; init; }

    public ValueDefinition? EventId { get; init; }
}

public sealed record ManualTrigger : TriggerDefinition;
