using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>branch</c>: the first case that holds. What a case gives is null behind the branch unless every way through it gives it.</summary>
internal static class BranchCompiler
{
    public static StepScope? Compile(BranchStep branch, StepContext context, StepSequence sequence, out ExprType output)
    {
        var session = context.Session;
        var plan = session.Plan;
        var exits = new List<int>();
        var scope = context.Scope;
        StepScope? behind = null;
        var names = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in branch.Cases)
        {
            if (!seen.Add(item.Name.Value)) session.Problems.Add(FlowDiagnostics.DuplicateCase(item.Name.Span, item.Name.Value));
            names.Add(item.Name.Value);
            var condition = item.When.Expression is { } text ? ConditionCheck.Analyze(session, text, scope.Names) : null;
            var head = context.Head with { Output = -1, Place = ExpressionBinder.Place(item.Name.Span) };
            var jump = plan.Emit(new JumpUnlessInstruction
            {
                Step = head,
                Condition = MappingWriter.One(StepSequence.ConditionValue(item.When, condition), scope),
                Target = 0,
            });
            var first = plan.Next;
            var inside = item.When.Expression is { } when ? scope.Inside(when.Text.Trim(), condition!.WhenTrueNonNull) : scope;
            var end = Body(item.Do, item.Name.Value, inside, context, sequence);
            behind = StepScope.Either(behind, end);
            if (end is not null) exits.Add(plan.Emit(new JumpInstruction { Step = head, Target = 0 }));
            var target = plan.Next;
            var clears = sequence.Outputs(first, target);
            plan.Replace(jump, i => (JumpUnlessInstruction)i with { Target = target, Clears = clears });
            scope = Hide(condition is null ? scope : scope.Narrow(condition.WhenFalseNonNull), item.Do);
        }

        if (branch.Otherwise is { } otherwise)
        {
            names.Add("otherwise");
            behind = StepScope.Either(behind, Body(otherwise.Do, "otherwise", scope, context, sequence));
        }
        else
        {
            behind = StepScope.Either(behind, scope);
        }

        var exit = plan.Next;
        foreach (var at in exits) plan.Replace(at, i => (JumpInstruction)i with { Target = exit });
        output = ExprType.Choice(names);
        if (branch.Otherwise is null) output = output.OrNull();
        return behind;
    }

    private static StepScope? Body(IReadOnlyList<StepDefinition> steps, string name, StepScope scope, StepContext context, StepSequence sequence)
    {
        var end = sequence.Compile(steps, scope, context.InLoop);
        if (end is not null && context.Head.Output >= 0)
        {
            context.Session.Plan.Emit(new ConstantInstruction { Step = context.Head, Value = name });
        }

        return end;
    }

    // Inside a later case the steps of an earlier one have not run.
    private static StepScope Hide(StepScope scope, IReadOnlyList<StepDefinition> steps)
    {
        foreach (var id in StepIds.Of(steps)) scope = scope.Without(id.Value, $"the step stands in another case of this branch, on line {id.Span.Start.Line}");
        return scope;
    }
}
