using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>wait</c>: a durable pause; checked in full, not run yet.</summary>
internal static class WaitCompiler
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    public static StepResult Compile(WaitStep step, StepContext context)
    {
        var session = context.Session;
        session.Plan.Later("the activity 'wait'", step.Activity.Span);
        session.NeedsCheckpoint = true;
        var names = context.Scope.Names;
        var holds = step.Until is not null || step.Review is not null;
        if (step.For is { } pause)
        {
            session.Values.Bind(pause, new ValuePlace { Name = "'wait'", Type = pause is ExpressionValue ? null : FieldType.Of(FieldKind.Duration), Nullable = false }, names);
            holds = pause is LiteralValue literal && DurationText.TryParse(literal.Text, out var length) && length > Long;
        }

        if (step.Until is { } until) session.Values.Bind(until, new ValuePlace { Name = "'until'", Type = FieldType.Of(FieldKind.Instant), Nullable = false }, names);
        if (step.Review is { } review) session.Values.Bind(review, new ValuePlace { Name = "'review'", Type = FieldType.Of(FieldKind.Text) }, names);
        if (holds && step.ReleaseKey is null) session.Problems.Add(FlowDiagnostics.WaitHoldsKey(step.Activity.Span));
        var output = step.Review is null ? ExprType.Null : ExprType.Object(("approved", ExprType.Boolean), ("comment", ExprType.Text.OrNull()));
        return new StepResult(null, output);
    }
}
