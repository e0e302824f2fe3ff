using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>start</c>: a durable hand-over to a flow under another key; checked in full, not run yet.</summary>
internal static class StartCompiler
{
    public static StepResult Compile(StartStep step, StepContext context)
    {
        var session = context.Session;
        session.Plan.Later("the activity 'start'", step.Activity.Span);
        session.NeedsCheckpoint = true;
        var target = FlowInput.Find(step.Flow, session);
        if (step.Key is { } key)
        {
            var place = new ValuePlace { Name = "'key'", Type = FieldType.Of(FieldKind.Text), Nullable = false, Options = AnalysisOptions.Key };
            session.Values.Bind(key, place, context.Scope.Names);
        }

        if (step.At is { } at) session.Values.Bind(at, new ValuePlace { Name = "'at'", Type = FieldType.Of(FieldKind.Instant) }, context.Scope.Names);
        var taken = target is null ? null : FlowInput.Of(target, session);
        new WithBinder(session, context.Scope.Names).Bind(step.With, $"The flow '{step.Flow.Value}'", step.Activity.Span, taken);
        return new StepResult(null, ExprType.Null);
    }
}
