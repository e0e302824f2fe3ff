using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Hosting;

/// <summary>The fields that steps read and write.</summary>
public static class StepFields
{
    internal static IEnumerable<FieldUse> Of(Instruction instruction) => instruction switch
    {
        SyncInstruction sync => [.. Of(sync.Upsert), .. Lines(sync.Upsert, sync.MissingSet), .. Paths(sync.Upsert, sync.MissingSelect)],
        UpsertInstruction upsert => [.. Lines(upsert, upsert.Set, upsert.SetOnCreate, upsert.SetOnUpdate), .. Paths(upsert, [.. upsert.Rules.SelectMany(r => r.Terms).SelectMany(t => t.Paths), .. upsert.Select])],
        CreateInstruction { Once: { } once } create => [.. Lines(create, [once], create.Set), .. Paths(create, create.Select)],
        MergeInstruction merge => [.. Lines(merge, [.. merge.Survivorship.Select(l => l.Line)]), .. Paths(merge, merge.Select)],
        ChangeInstruction change => [.. Lines(change, change.Set), .. Paths(change, [.. change.Select, .. PathsOf(change.Where)])],
        WriteInstruction write => [.. Lines(write, write.Set), .. Paths(write, write.Select)],
        ReadInstruction read => Paths(read, read.Connection, read.Entity.Name, [.. read.Fields, .. PathsOf(read.Where)]),
        AggregateInstruction aggregate => Paths(aggregate, aggregate.Connection, aggregate.Entity.Name, [.. aggregate.Fields, .. PathsOf(aggregate.Where)]),
        _ => [],
    };

    /// <summary>The paths of a condition.</summary>
    public static IEnumerable<string> PathsOf(PlanCondition? condition) => condition switch
    {
        PlanField field => [field.Path],
        PlanAll all => all.Parts.SelectMany(PathsOf),
        PlanAny any => any.Parts.SelectMany(PathsOf),
        _ => [],
    };

    private static IEnumerable<FieldUse> Lines(WriteInstruction write, params IReadOnlyList<PlanFieldLine>[] lines) =>
        lines.SelectMany(l => l).Select(l => new FieldUse(write.Connection, write.Entity.Name, l.Path, l.Place));

    private static IEnumerable<FieldUse> Paths(WriteInstruction write, IEnumerable<string> paths) => Paths(write, write.Connection, write.Entity.Name, paths);

    private static IEnumerable<FieldUse> Paths(Instruction step, string connection, string entity, IEnumerable<string> paths) =>
        paths.Select(p => new FieldUse(connection, entity, p, step.Step.Place));
}
