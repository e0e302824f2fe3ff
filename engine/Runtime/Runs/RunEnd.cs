using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

internal enum RunEndKind
{
    /// <summary>The run is over.</summary>
    Ended,

    /// <summary>It waits, out of memory.</summary>
    Parked,

    /// <summary>It becomes a dead letter.</summary>
    Failed,
}

/// <summary>How a run left memory.</summary>
internal sealed record RunEnd
{
    public required RunEndKind Kind { get; init; }

    public RunOutcome Outcome { get; init; }

    public string? Text { get; init; }

    public DateTimeOffset Due { get; init; }

    public OperationError? Error { get; init; }

    public PlanStep? Step { get; init; }

    /// <summary>The failure is an answer about this record.</summary>
    public bool Charged { get; init; } = true;

    /// <summary>It waits for the end of a pause and is woken by it.</summary>
    public bool Held { get; init; }

    /// <summary>Parked: other events of its key go on meanwhile.</summary>
    public bool ReleaseKey { get; init; }

    /// <summary>Parked: it comes back as a run that has read nothing yet.</summary>
    public bool Anew { get; init; }

    /// <summary>Parked: the question that is stored with it.</summary>
    public NewReview? Review { get; init; }

    /// <summary>Stored with the end of a second look.</summary>
    public IReadOnlyList<StoreChange> Follows { get; init; } = [];

    public static RunEnd Ended(RunOutcome outcome, string? text = null) => new() { Kind = RunEndKind.Ended, Outcome = outcome, Text = text };
}
