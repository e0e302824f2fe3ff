using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Compilation.Triggers;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary>
/// <c>flow</c>: the steps of another flow of the template, taken into this plan with slots of their own. Its mistakes are reported with its own file; its parameters and tables are asked of the
/// deployment once, by name.
/// </summary>
internal static class FlowCallCompiler
{
    public static StepScope Compile(FlowStep step, StepContext context, StepSequence sequence, out ExprType output)
    {
        var session = context.Session;
        session.NeedsCheckpoint = true;
        output = ExprType.Any;
        var target = FlowInput.Find(step.Flow, session);
        var taken = target is null ? null : FlowInput.Of(target, session);
        var given = new WithBinder(session, context.Scope.Names).Bind(step.With, $"The flow '{step.Flow.Value}'", step.Activity.Span, taken);
        if (target is null || !session.Plan.Enter(target.Flow.Value, context.Head.Name))
        {
            // A circle is reported where it is written.
            session.Plan.Emit(sequence.Nothing(context));
            return context.Scope;
        }

        try
        {
            output = Take(session.Called(target), given, step, context, sequence);
        }
        finally
        {
            session.Plan.Leave();
        }

        return context.Scope;
    }

    private static ExprType Take(FlowSession inner, IReadOnlyList<(string Name, BoundValue Value)> given, FlowStep step, StepContext context, StepSequence sequence)
    {
        var plan = context.Session.Plan;
        var flow = inner.Flow;
        var input = plan.NewSlot("input");
        var begin = plan.Emit(new FlowBeginInstruction
        {
            Step = context.Head,
            Flow = flow.Flow.Value,
            With = given.Count == 0 ? null : MappingWriter.One(ValueBinder.ObjectOf(step.With!.Span, given), context.Scope),
            Input = input,
            InputDefaults = FlowInputType.Defaults(inner),
            End = 0,
        });
        var scope = FlowCompiler.Head(inner);
        scope = FlowInputModel.Of(inner).Type is { } type ? scope.With("input", type, input) : scope.Without("input", "the flow declares no 'input'");
        scope = FlowCompiler.Ready(inner, scope);
        var end = new StepSequence(inner).Compile(flow.Steps, scope, inLoop: false);
        var output = ExprType.Null;
        PlanMapping? result = null;
        if (flow.Output is { } written)
        {
            var bottom = end ?? scope;
            var value = inner.Values.Bind(written, ValuePlace.Anything("'output'") with { Leaves = true }, bottom.Names);
            output = value.Type;
            result = MappingWriter.One(value, bottom);
        }

        var last = plan.Emit(new FlowEndInstruction { Step = context.Head, Begin = begin, Result = result });
        var clears = sequence.Outputs(begin + 1, last);
        plan.Replace(begin, i => (FlowBeginInstruction)i with { End = last, Clears = clears });
        context.Session.Take(inner);
        return output;
    }
}
