namespace WorkflowEngine.Definitions;

/// <summary>What every step has. The activity is the word that makes it this kind of step (<c>lookup</c>, <c>upsert</c>, …).</summary>
public abstract record StepDefinition
{
    /// <summary>The whole step.</summary>
    public required SourceSpan Span { get; init; }

    /// <summary>The activity's word, for example <c>lookup</c>; its span is the key in the file.</summary>
    public required Located<string> Activity { get; init; }

    public Located<string>? Id { get; init; }

    public ConditionDefinition? If { get; init; }

    public RetryDefinition? Retry { get; init; }

    /// <summary>Per call.</summary>
    public Located<TimeSpan>? Timeout { get; init; }

    public IReadOnlyList<ErrorCase> OnError { get; init; } = [];

    /// <summary>Typed by the connector's operation.</summary>
    public SetBlock? Options { get; init; }

    public Located<string>? Note { get; init; }

    /// <summary>Earlier ids of this step, so that overlays follow a rename.</summary>
    public IReadOnlyList<Located<string>> Was { get; init; } = [];

    /// <summary>Where to point when the step as a whole is meant: its id, else its activity.</summary>
    public SourceSpan NameSpan => Id?.Span ?? Activity.Span;
}
