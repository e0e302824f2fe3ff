using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>wait</c>: a durable pause.</summary>
internal static class WaitCompiler
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    public static StepResult Compile(WaitStep step, StepContext context)
    {
        var session = context.Session;
        session.NeedsCheckpoint = true;
        var names = context.Scope.Names;
        var holds = step.Until is not null || step.Review is not null;
        var instruction = new WaitInstruction { Step = context.Head, Kind = PlanWait.Time, ReleaseKey = step.ReleaseKey?.Value == true };
        if (step.For is { } pause)
        {
            var value = session.Values.Bind(pause, new ValuePlace { Name = "'wait'", Type = pause is ExpressionValue ? null : FieldType.Of(FieldKind.Duration), Nullable = false }, names);
            if (pause is LiteralValue literal)
            {
                var read = DurationText.TryParse(literal.Text, out var length);
                holds = read && length > Long;
                instruction = instruction with { For = read ? length : TimeSpan.Zero };
            }
            else
            {
                // The library reads a duration, however it is given; the run waits as long as the result is behind the run's own now.
                instruction = instruction with { Value = MappingWriter.One(value with { Source = $"date.add(run.now, ({value.Source}))", Names = value.Names.Add("run") }, context.Scope) };
            }
        }

        if (step.Until is { } until)
        {
            var value = session.Values.Bind(until, new ValuePlace { Name = "'until'", Type = FieldType.Of(FieldKind.Instant), Nullable = false }, names);
            instruction = instruction with { Kind = PlanWait.Until, Value = MappingWriter.One(value, context.Scope) };
        }

        if (step.Review is { } review)
        {
            var value = session.Values.Bind(review, new ValuePlace { Name = "'review'", Type = FieldType.Of(FieldKind.Text) }, names);
            instruction = instruction with { Kind = PlanWait.Review, Value = MappingWriter.One(value, context.Scope) };
        }

        if (holds && step.ReleaseKey is null) session.Problems.Add(FlowDiagnostics.WaitHoldsKey(step.Activity.Span));
        var output = step.Review is null ? ExprType.Null : ExprType.Object(("approved", ExprType.Boolean), ("comment", ExprType.Text.OrNull()));
        return new StepResult(instruction, output);
    }
}
