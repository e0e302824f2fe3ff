using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>stop</c>, <c>fail</c>, <c>next</c>.</summary>
internal static class EndCompiler
{
    public static StepResult Compile(EndStep step, StepContext context)
    {
        if (step is NextStep && !context.InLoop) context.Problems.Add(FlowDiagnostics.NextOutsideLoop(step.Activity.Span));
        var message = context.Session.Values.Bind(step.Message, Message(step), context.Scope.Names);
        var instruction = new EndInstruction
        {
            Step = context.Head,
            Kind = step switch { StopStep => PlanEnd.Stop, FailStep => PlanEnd.Fail, _ => PlanEnd.Next },
            Message = MappingWriter.One(message, context.Scope),
        };
        return new StepResult(instruction, ExprType.Null) { Ends = true };
    }

    public static ValuePlace Message(EndStep step) => new() { Name = $"'{step.Activity.Value}'", Type = FieldType.Of(FieldKind.Text) };
}
