using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary>Compiles steps one behind the other, carrying along what each leaves behind.</summary>
internal sealed class StepSequence(FlowSession session)
{
    private readonly PlanWriter plan = session.Plan;

    /// <summary>The scope behind the last step; null when the end cannot be reached.</summary>
    public StepScope? Compile(IReadOnlyList<StepDefinition> steps, StepScope scope, bool inLoop)
    {
        var current = scope;
        var reached = true;
        foreach (var step in steps)
        {
            if (!reached)
            {
                session.Problems.Add(FlowDiagnostics.NeverReached(step.NameSpan));
                // The rest is checked as if it were reached, but said only once.
                reached = true;
            }

            var next = Step(step, current, inLoop);
            reached = next is not null;
            current = next ?? current;
        }

        return reached ? current : null;
    }

    private StepScope? Step(StepDefinition step, StepScope scope, bool inLoop)
    {
        StepNameCheck.Check(step, session);
        StepShapeCheck.Check(step, session.Problems);
        var slot = step.Id is { } id ? plan.StepSlot(id.Value) : -1;
        var head = Head(step, slot);
        ExpressionAnalysis? condition = null;
        var inside = scope;
        if (step.If is { Expression: { } text })
        {
            condition = ConditionCheck.Analyze(session, text, scope.Names);
            inside = scope.Inside(text.Text.Trim(), condition.WhenTrueNonNull);
        }

        var jump = -1;
        if (step.If is { } given && step is not WarnStep)
        {
            jump = plan.Emit(new JumpUnlessInstruction { Step = head, Condition = Condition(given, condition, scope), Target = 0 });
        }

        var firstSlot = plan.SlotNames.Count;
        var first = plan.Next;
        var after = Activity(step, new StepContext(session, inside, head) { InLoop = inLoop }, condition, out var output);
        if (jump >= 0)
        {
            var target = plan.Next;
            var clears = Outputs(first, target);
            plan.Replace(jump, i => (JumpUnlessInstruction)i with { Target = target, Clears = clears });
        }

        if (after is not null && step.Id is not null) after = after.With(step.Id.Value, output, slot);
        return step.If is null || step is WarnStep ? after : Skipped(step, scope, after, condition);
    }

    /// <summary>Joins the way through the step with the way around it.</summary>
    private static StepScope? Skipped(StepDefinition step, StepScope before, StepScope? after, ExpressionAnalysis? condition)
    {
        if (step.If is { Expression: null } constant) return constant.Constant ? after : before;
        var around = condition is null ? before : before.Narrow(condition.WhenFalseNonNull);
        if (after is null) return around;
        var joined = StepScope.Join(after, around);
        var text = step.If!.Expression!.Text.Trim();
        return step.Id is { } id && after.Names.TryGet(id.Value, out var type) && !type.IsNullable ? joined.RememberSkip(text, id.Value) : joined;
    }

    private StepScope? Activity(StepDefinition step, StepContext context, ExpressionAnalysis? condition, out ExprType output)
    {
        switch (step)
        {
            case BranchStep branch:
                output = ExprType.Any;
                return BranchCompiler.Compile(branch, context, this, out output);
            case ForEachStep loop:
                return ForEachCompiler.Compile(loop, context, this, out output);
            case FlowStep call:
                var at = plan.Next;
                var behind = FlowCallCompiler.Compile(call, context, this, out output);
                var cases = ErrorCompiler.Compile(call, context, this, out var continues);
                if (cases.Count > 0) plan.Replace(at, i => i with { Step = i.Step with { OnError = cases } });
                if (continues) output = output.OrNull();
                return behind;
            default:
                return Leaf(step, context, condition, out output);
        }
    }

    private StepScope? Leaf(StepDefinition step, StepContext context, ExpressionAnalysis? condition, out ExprType output)
    {
        var result = StepCompilers.Compile(step, context, condition);
        output = result.Output;
        var at = plan.Emit(result.Instruction ?? Nothing(context));
        var cases = ErrorCompiler.Compile(step, context, this, out var continues);
        if (cases.Count > 0) plan.Replace(at, i => i with { Step = i.Step with { OnError = cases } });
        if (continues) output = output.OrNull();
        return result.Ends ? null : context.Scope;
    }

    private PlanStep Head(StepDefinition step, int slot)
    {
        var head = PlanStep.Of(plan.StepName(step), step.Activity.Value, ExpressionBinder.Place(step.NameSpan), slot);
        return head with
        {
            Attempts = (int)(step.Retry?.Attempts?.Value ?? head.Attempts),
            FirstPause = step.Retry?.First?.Value ?? head.FirstPause,
            MostPause = step.Retry?.Most?.Value ?? head.MostPause,
            Timeout = step.Timeout?.Value ?? head.Timeout,
        };
    }

    private static PlanMapping Condition(ConditionDefinition given, ExpressionAnalysis? analysis, StepScope scope) =>
        MappingWriter.One(ConditionValue(given, analysis), scope);

    public static BoundValue ConditionValue(ConditionDefinition given, ExpressionAnalysis? analysis) => given.Expression is { } text
        ? new BoundValue(text.Span, text.Text.Trim(), ExprType.Boolean, [.. analysis?.Names ?? new HashSet<string>()])
        : new BoundValue(given.Span, given.Constant ? "true" : "false", ExprType.Boolean, BoundValue.NoNames) { IsLiteral = true };

    /// <summary>Stands where an activity cannot run yet, or where a mistake left nothing: it never comes to run.</summary>
    public EndInstruction Nothing(StepContext context) => new()
    {
        Step = context.Head,
        Kind = PlanEnd.Fail,
        Message = MappingWriter.One(
            new BoundValue(default, LiteralText.Text($"The activity '{context.Head.Activity}' cannot be run yet."), ExprType.Text, BoundValue.NoNames),
            context.Scope),
    };

    /// <summary>Slots that instructions of a stretch set.</summary>
    public IReadOnlyList<int> Outputs(int from, int to)
    {
        var slots = new SortedSet<int>();
        for (var i = from; i < to; i++)
        {
            if (plan.Instructions[i].Step.Output >= 0) slots.Add(plan.Instructions[i].Step.Output);
        }

        return [.. slots];
    }
}
