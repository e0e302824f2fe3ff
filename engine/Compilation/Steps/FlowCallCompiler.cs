using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>flow</c>: another flow inside this run; checked in full, not run yet.</summary>
internal static class FlowCallCompiler
{
    public static StepResult Compile(FlowStep step, StepContext context)
    {
        var session = context.Session;
        session.Plan.Later("the activity 'flow'", step.Activity.Span);
        session.NeedsCheckpoint = true;
        var target = FlowInput.Find(step.Flow, session);
        var taken = target is null ? null : FlowInput.Of(target, session);
        new WithBinder(session, context.Scope.Names).Bind(step.With, $"The flow '{step.Flow.Value}'", step.Activity.Span, taken);
        var output = target is null || target.Flow.Value == session.Flow.Flow.Value ? ExprType.Any : FlowCompiler.OutputOf(target, session.Context);
        return new StepResult(null, output);
    }
}
