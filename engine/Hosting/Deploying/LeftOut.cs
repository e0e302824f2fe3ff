using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>Conditions that read only parameters are decided when a deployment is made: steps behind those that do not hold never run, and what only they use is not required.</summary>
internal static class LeftOut
{
    /// <summary>As <c>connection/Entity.field</c>.</summary>
    public static async Task<IReadOnlySet<string>> FieldsAsync(PlannedDeployment planned, IEvaluator evaluator, CancellationToken cancellationToken)
    {
        var flow = planned.Flow;
        var slots = new object?[Math.Max(flow.SlotCount, Slots.First)];
        slots[Slots.Params] = planned.Parameters;
        var dead = new HashSet<int>();
        for (var i = 0; i < flow.Instructions.Count; i++)
        {
            if (flow.Instructions[i] is not JumpUnlessInstruction jump || !jump.Condition.Slots.All(s => s == Slots.Params) || jump.Target <= i) continue;
            var evaluated = await evaluator.EvaluateAsync(jump.Condition, slots, cancellationToken).ConfigureAwait(false);
            if (evaluated.Fault is not null) continue;
            if (evaluated.Values[0] is not true) dead.UnionWith(Enumerable.Range(i + 1, jump.Target - i - 1));
            else if (flow.Instructions[jump.Target - 1] is JumpInstruction over && over.Target > jump.Target) dead.UnionWith(Enumerable.Range(jump.Target, over.Target - jump.Target));
        }

        var (left, used) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var i = 0; i < flow.Instructions.Count; i++) (dead.Contains(i) ? left : used).UnionWith(Fields(flow.Instructions[i]));
        left.ExceptWith(used);
        return left;
    }

    private static IEnumerable<string> Fields(Instruction instruction) => StepFields.Of(instruction).Select(u => u.ToString());
}
