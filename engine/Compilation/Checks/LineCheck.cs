using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Compilation.Steps;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>The three blocks of an upsert do not contradict each other.</summary>
internal static class LineCheck
{
    public static void Check(UpsertStep step, WriteLines lines, IReadOnlyList<PlanMatchRule> rules, DiagnosticBag problems)
    {
        if (!lines.All.Any()) problems.Add(FlowDiagnostics.NothingToWrite(step.Activity.Span, "upsert"));
        var onCreate = lines.OnCreate.Select(l => l.Name.Value).ToHashSet(StringComparer.Ordinal);
        var onUpdate = lines.OnUpdate.Select(l => l.Name.Value).ToHashSet(StringComparer.Ordinal);
        foreach (var line in lines.Set.Where(l => onCreate.Contains(l.Name.Value) && onUpdate.Contains(l.Name.Value)))
        {
            problems.Add(FlowDiagnostics.LineWithoutEffect(line.Name.Span, line.Name.Value));
        }

        if (step.Match is not [var first, ..] || first.Terms is not [{ Value: null } key]) return;
        foreach (var line in lines.OnUpdate.Where(l => l.Name.Value == key.Path.Value))
        {
            problems.Add(MatchDiagnostics.KeyChangedOnUpdate(line.Name.Span, line.Name.Value));
        }

        if (step.Match.Count < 2 || rules is not [{ VendorUnique: true }, ..]) return;
        foreach (var line in lines.OnCreate.Where(l => l.Name.Value == key.Path.Value && lines.Set.All(s => s.Name.Value != l.Name.Value)))
        {
            problems.Add(MatchDiagnostics.KeyOnCreateOnly(line.Name.Span, line.Name.Value));
        }
    }
}
