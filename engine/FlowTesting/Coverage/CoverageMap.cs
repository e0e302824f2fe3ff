using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.FlowTesting;

/// <summary>What there is to reach in a flow: both sides of every condition, every line of a map, every line that writes a field.</summary>
internal static class CoverageMap
{
    public static FlowCoverage Of(CompiledFlow flow, string path, CoverageRecorder recorder)
    {
        var items = new List<CoverageItem>();
        foreach (var trigger in flow.Triggers)
        {
            if (trigger.Filter is { } filter) Sides($"trigger {trigger.Id}: filter", filter);
        }

        foreach (var instruction in flow.Instructions)
        {
            Add(instruction);
            foreach (var again in instruction.Step.OnError.Select(c => c.Again).OfType<WriteInstruction>())
            {
                // Only what the case changed is its own.
                foreach (var line in again.Set.Concat(again is UpsertInstruction u ? u.SetOnCreate : []).Where(l => instruction is WriteInstruction w && !Lines(w).Any(o => o.Place == l.Place)))
                {
                    var value = again.Values?.Places[line.Value] ?? line.Place;
                    Item(line.Place, $"{instruction.Step.Name}: again {line.Path}", recorder.Saw(value, "value") || recorder.Saw(value, "true") || recorder.Saw(value, "false"));
                }
            }
        }

        return new FlowCoverage(flow.Id, path, [.. items.DistinctBy(i => (i.Line, i.What)).OrderBy(i => i.Line)]);

        void Add(Instruction instruction)
        {
            var name = instruction.Step.Name;
            switch (instruction)
            {
                case JumpUnlessInstruction jump:
                    Sides(name, jump.Condition);
                    break;
                case WarnInstruction { If: { } condition }:
                    Sides(name, condition);
                    break;
                case MapInstruction map:
                    for (var i = 0; i < map.Values.Sources.Count; i++)
                    {
                        var place = map.Values.Places[i];
                        Item(place, $"{name}.{map.Values.LineNames![i]}", recorder.Saw(place, "value") || recorder.Saw(place, "true") || recorder.Saw(place, "false"));
                    }

                    break;
                case EndInstruction end:
                    Item(end.Message.Places[0], $"{name}: {end.Kind.ToString().ToLowerInvariant()}", recorder.Saw(end.Message.Places[0], "value"));
                    break;
                case UpsertInstruction upsert:
                    if (upsert.Adopt is { } adopt) Sides($"{name}: adopt", adopt);
                    foreach (var line in upsert.Set) Item(line.Place, $"{name}: set {line.Path}", Wrote(upsert, line, "created") || Wrote(upsert, line, "updated") || (IsKey(upsert, line) && recorder.Saw(upsert.Step.Place, "created ")));
                    foreach (var line in upsert.SetOnCreate) Item(line.Place, $"{name}: setOnCreate {line.Path}", Wrote(upsert, line, "created"));
                    foreach (var line in upsert.SetOnUpdate) Item(line.Place, $"{name}: setOnUpdate {line.Path}", Wrote(upsert, line, "updated"));
                    break;
                case SyncInstruction sync:
                    Add(sync.Upsert);
                    foreach (var line in sync.MissingSet) Item(line.Place, $"{name}: missing {line.Path}", recorder.Saw(sync.Step.Place, $"updated {line.Path}"));
                    break;
                case StartInstruction start:
                    Item(start.Values.Places[start.Key], $"{name}: start", recorder.Saw(start.Values.Places[start.Key], "value"));
                    break;
                case WriteInstruction write:
                    foreach (var line in Lines(write)) Item(line.Place, $"{name}: set {line.Path}", Wrote(write, line, "created") || Wrote(write, line, "updated"));
                    break;
                case CallInstruction call:
                    foreach (var line in call.With) Item(line.Place, $"{name}: with {line.Path}", recorder.Saw(call.Step.Place, "called "));
                    break;
            }
        }

        bool Wrote(WriteInstruction write, PlanFieldLine line, string verb) => recorder.Saw(write.Step.Place, $"{verb} {line.Path}");

        // The key travels in the address of the call, not among its fields.
        static bool IsKey(UpsertInstruction upsert, PlanFieldLine line) => upsert.Rules.Count > 0 && upsert.Rules[0].Terms.Any(t => t.Paths.Contains(line.Path));

        void Sides(string name, PlanMapping condition)
        {
            // A constant condition has one side only.
            if (condition.Sources[0] is "true" or "false") return;
            var place = condition.Places[0];
            Item(place, $"{name}: true", recorder.Saw(place, "true"));
            Item(place, $"{name}: false", recorder.Saw(place, "false"));
        }

        void Item(SourcePlace place, string what, bool covered) => items.Add(new CoverageItem(place.File, place.Line, what, covered));
    }

    private static IEnumerable<PlanFieldLine> Lines(WriteInstruction write) => write switch
    {
        UpsertInstruction upsert => [.. upsert.Set, .. upsert.SetOnCreate, .. upsert.SetOnUpdate],
        CreateInstruction { Once: { } once } => [once, .. write.Set],
        _ => write.Set,
    };
}
