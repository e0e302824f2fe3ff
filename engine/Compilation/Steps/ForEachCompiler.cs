using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>forEach</c>: the steps inside see the item; behind the loop only its list of outputs is left.</summary>
internal static class ForEachCompiler
{
    public static StepScope? Compile(ForEachStep loop, StepContext context, StepSequence sequence, out ExprType output)
    {
        var session = context.Session;
        var plan = session.Plan;
        var name = loop.As?.Value ?? "item";
        var list = session.Values.Bind(loop.List, ValuePlace.Anything("'forEach'"), context.Scope.Names);
        var itemType = ListCheck.ItemOf(list, "forEach", session.Problems);
        if (list.Hidden) session.Shapes.HideName(name);
        if (loop.Concurrency is { Value: > 1 } atOnce) session.Problems.Add(FlowDiagnostics.OneAtATime(atOnce.Span));
        if (loop.As is { } word) LoopNameCheck.Check(word, context.Scope, session);
        var item = plan.NewSlot(name);
        var index = plan.NewSlot("index");
        var inside = context.Scope.With(name, itemType, item).With("index", ExprType.Integer, index);
        var begin = plan.Emit(new ForEachInstruction
        {
            Step = context.Head,
            List = MappingWriter.One(list, context.Scope),
            Item = item,
            Index = index,
            ContinueOnError = loop.OnItemError?.Value == OnItemError.Continue,
            End = 0,
        });
        var end = sequence.Compile(loop.Do, inside, inLoop: true);
        var leaves = StepIds.All(loop.Do).Any(s => s is NextStep);
        var bottom = leaves ? Early(loop, inside, end) : end ?? inside;
        output = ExprType.Null;
        PlanMapping? collect = null;
        if (loop.Output is { } given)
        {
            var value = session.Values.Bind(given, ValuePlace.Anything("'output'"), bottom.Names);
            collect = MappingWriter.One(value, bottom);
            if (value.Hidden && loop.Id is { } id) session.Shapes.HideName(id.Value);
            output = ExprType.List(loop.OnItemError?.Value == OnItemError.Continue ? value.Type.OrNull() : value.Type);
        }

        var last = plan.Emit(new ForEachEndInstruction { Step = context.Head with { Output = -1 }, Begin = begin });
        var clears = sequence.Outputs(begin + 1, last);
        plan.Replace(begin, i => (ForEachInstruction)i with { End = last, Clears = clears, Collect = collect });
        var behind = context.Scope;
        foreach (var id in StepIds.Of(loop.Do))
        {
            behind = behind.Without(id.Value, $"the step stands inside the forEach on line {loop.Activity.Span.Start.Line}; give its values out by 'output'");
        }

        if (!context.Scope.Names.TryGet(name, out _)) behind = behind.Without(name, "it is the item of a forEach that has ended");
        return behind;
    }

    // An item that 'next' ended has no outputs of the steps behind it.
    private static StepScope Early(ForEachStep loop, StepScope inside, StepScope? end)
    {
        var scope = end ?? inside;
        foreach (var id in StepIds.Of(loop.Do))
        {
            if (scope.Names.TryGet(id.Value, out var type) && scope.Slots.TryGetValue(id.Value, out var slot)) scope = scope.With(id.Value, type.OrNull(), slot);
        }

        return scope;
    }
}
