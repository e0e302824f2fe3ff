using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>A plan whose outcome is wanted.</summary>
/// <param name="Deployment">The deployment that was planned.</param>
/// <param name="Since">When the plan was made.</param>
/// <param name="Runs">The plan's runs, as they were answered; those of records are compared.</param>
public sealed record PlanOutcomeBody(string? Deployment, DateTimeOffset? Since, IReadOnlyList<PlannedRunView>? Runs);

/// <summary>How far a plan came true.</summary>
/// <param name="Events">Events compared.</param>
/// <param name="Effects">Writes predicted or done.</param>
/// <param name="Equal">Writes predicted and done.</param>
/// <param name="Deviations">Events of which it did not come true.</param>
public sealed record PlanOutcomeAnswer(int Events, int Effects, int Equal, IReadOnlyList<PlanDeviationView> Deviations)
{
    internal static PlanOutcomeAnswer Of(PlanOutcome o) => new(o.Events, o.Effects, o.Equal, [.. o.Deviations.Select(PlanDeviationView.From)]);
}

/// <summary>An event of which the plan did not come true.</summary>
/// <param name="Event">The record.</param>
/// <param name="Runs">Its runs since.</param>
/// <param name="Why">The reason, as far as it is known.</param>
/// <param name="Predicted">Predicted and not done.</param>
/// <param name="Actual">Done and not predicted.</param>
public sealed record PlanDeviationView(string Event, IReadOnlyList<string> Runs, string Why, IReadOnlyList<ComparedEffectView> Predicted, IReadOnlyList<ComparedEffectView> Actual)
{
    internal static PlanDeviationView From(PlanDeviation d) => new(d.Event, d.Runs, d.Why, [.. d.Predicted.Select(ComparedEffectView.Of)], [.. d.Actual.Select(ComparedEffectView.Of)]);
}

/// <summary>A write, with its fields as texts; null = known after apply.</summary>
public sealed record ComparedEffectView(string Verb, string Entity, IReadOnlyDictionary<string, string?> Fields)
{
    internal static ComparedEffectView Of(ComparedEffect e) => new(e.Verb, e.Entity, e.Fields);
}
