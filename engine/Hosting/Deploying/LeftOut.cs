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

    private static IEnumerable<string> Fields(Instruction instruction) => instruction switch
    {
        SyncInstruction sync => [.. Fields(sync.Upsert), .. Of(sync.Upsert, sync.MissingSet.Select(l => l.Path).Concat(sync.MissingSelect))],
        UpsertInstruction upsert => Of(upsert, [.. Lines(upsert.Set, upsert.SetOnCreate, upsert.SetOnUpdate), .. upsert.Rules.SelectMany(r => r.Terms).SelectMany(t => t.Paths), .. upsert.Select]),
        CreateInstruction { Once: { } once } create => Of(create, [once.Path, .. Lines(create.Set), .. create.Select]),
        MergeInstruction merge => Of(merge, [.. merge.Survivorship.Select(l => l.Line.Path), .. merge.Select]),
        ChangeInstruction change => Of(change, [.. Lines(change.Set), .. change.Select, .. Paths(change.Where)]),
        WriteInstruction write => Of(write, [.. Lines(write.Set), .. write.Select]),
        ReadInstruction read => Of(read.Connection, read.Entity.Name, [.. read.Fields, .. Paths(read.Where)]),
        AggregateInstruction aggregate => Of(aggregate.Connection, aggregate.Entity.Name, [.. aggregate.Fields, .. Paths(aggregate.Where)]),
        _ => [],
    };

    private static IEnumerable<string> Lines(params IReadOnlyList<PlanFieldLine>[] lines) => lines.SelectMany(l => l).Select(l => l.Path);

    private static IEnumerable<string> Paths(PlanCondition? condition) => condition switch
    {
        PlanField field => [field.Path],
        PlanAll all => all.Parts.SelectMany(Paths),
        PlanAny any => any.Parts.SelectMany(Paths),
        _ => [],
    };

    private static IEnumerable<string> Of(WriteInstruction write, IEnumerable<string> paths) => Of(write.Connection, write.Entity.Name, paths);

    private static IEnumerable<string> Of(string connection, string entity, IEnumerable<string> paths) => paths.Select(p => $"{connection}/{entity}.{p}");
}
