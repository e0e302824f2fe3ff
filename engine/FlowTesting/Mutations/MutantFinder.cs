using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting;

/// <summary>
/// Every single mistake of a kind that authors make: a line left out, the values of two lines exchanged, a condition turned round, a rule of matching or a condition of a query left out.
/// </summary>
internal sealed class MutantFinder
{
    private readonly List<Mutant> _found = [];

    private MutantFinder()
    {
    }

    /// <summary>The mutants of a flow, in the order of the file.</summary>
    public static IReadOnlyList<Mutant> Of(FlowDefinition flow)
    {
        var finder = new MutantFinder();
        foreach (var trigger in flow.Triggers)
        {
            var name = $"trigger {trigger.Id?.Value ?? trigger.Kind.Value}";
            finder.Turn($"{name}: filter", trigger.Filter);
            finder.With(name, trigger.With);
            if (trigger is EntityTrigger { Becomes: { } becomes }) finder.Where($"{name}: becomes", becomes);
        }

        finder.Steps(flow.Steps);
        return [.. finder._found.OrderBy(m => m.Line)];
    }

    private void Steps(IEnumerable<StepDefinition> steps)
    {
        foreach (var step in steps) Step(step, step.Id?.Value ?? step.Activity.Value);
    }

    private void Step(StepDefinition step, string name)
    {
        Turn($"{name}: if", step.If);
        switch (step)
        {
            case UpsertStep upsert:
                Match(name, upsert.Match);
                Lines($"{name}: set", upsert.Set);
                Lines($"{name}: setOnCreate", upsert.SetOnCreate);
                Lines($"{name}: setOnUpdate", upsert.SetOnUpdate);
                break;
            case SyncStep sync:
                Match(name, sync.Match);
                Lines($"{name}: set", sync.Set);
                Lines($"{name}: setOnCreate", sync.SetOnCreate);
                Lines($"{name}: setOnUpdate", sync.SetOnUpdate);
                Lines($"{name}: missing", sync.Missing?.Set);
                break;
            case UpdateStep update:
                Where($"{name}: where", update.Where);
                Lines($"{name}: set", update.Set);
                break;
            case MergeStep merge:
                Lines($"{name}: survivorship", merge.Survivorship);
                break;
            case SetStep write:
                Lines($"{name}: set", write.Set);
                break;
            case DeleteStep delete:
                Where($"{name}: where", delete.Where);
                break;
            case ReadStep read:
                Where($"{name}: where", read.Where);
                break;
            case MapStep map:
                Lines($"{name}: map", map.Lines);
                break;
            case CallStep call:
                With(name, call.With);
                break;
            case StartStep start:
                With(name, start.With);
                break;
            case FlowStep inner:
                With(name, inner.With);
                break;
            case ForEachStep loop:
                Steps(loop.Do);
                break;
            case BranchStep branch:
                foreach (var item in branch.Cases)
                {
                    Turn($"case {item.Name.Value}: when", item.When);
                    Steps(item.Do);
                }

                Steps(branch.Otherwise?.Do ?? []);
                break;
        }

        foreach (var handler in step.OnError) Steps(handler.Do);
    }

    private void With(string name, WithDefinition? with)
    {
        if (with is not null) Lines($"{name}: with", with.Lines);
    }

    private void Lines(string what, SetBlock? block) => Lines(what, block?.Lines ?? []);

    private void Lines(string what, IReadOnlyList<FieldLine> lines)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            Add(lines[i].Span, $"{what} {lines[i].Name.Value} left out", Splice.Out(lines[i].Span));
            if (i + 1 >= lines.Count || lines[i].Value.Span.Text == lines[i + 1].Value.Span.Text) continue;
            Add(lines[i].Span, $"{what} {lines[i].Name.Value} and {lines[i + 1].Name.Value} exchanged", [.. Splice.Exchange(lines[i].Value.Span, lines[i + 1].Value.Span)]);
        }
    }

    private void Where(string what, WhereClause? where)
    {
        foreach (var line in where?.Lines ?? []) Add(line.Span, $"{what} {(line as WhereField)?.Path.Value ?? "any"} left out", Splice.Out(line.Span));
    }

    private void Match(string name, IReadOnlyList<MatchRule> rules)
    {
        if (rules.Count < 2) return;
        foreach (var rule in rules) Add(rule.Span, $"{name}: match {rule.Span.Text} left out", Splice.Out(rule.Span));
    }

    private void Turn(string what, ConditionDefinition? condition)
    {
        if (condition is { Expression: not null }) Add(condition.Span, $"{what} turned round", Splice.Negate(condition.Span));
    }

    private void Add(SourceSpan place, string what, params TextEdit[] edits) => _found.Add(new Mutant(place.Source, place.Start.Line, what, edits));
}
