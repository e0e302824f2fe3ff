using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Compilation.Triggers;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>
/// Decides <c>onlyWhenChanged</c> where the author does not: true where all that the flow reads of the source is the record itself, or children whose changes the trigger covers.
/// </summary>
internal static class OnlyWhenChangedCheck
{
    public static PlanTrigger Decide(FlowSession session, BoundTrigger trigger)
    {
        var plan = trigger.Plan;
        if (trigger.Entity is not { } source || trigger.Definition is not (EntityTrigger { Becomes: null } or ScheduleTrigger { For: not null })) return plan;
        var others = session.Reads.Select(r => r.Entity).Where(e => e.Connection.Name == source.Connection.Name).Select(e => e.Name).Distinct(StringComparer.Ordinal).ToArray();
        var covered = trigger.Event?.Covers ?? [];
        var children = others.Where(covered.Contains).Order(StringComparer.Ordinal).ToArray();
        var beyond = others.Where(o => !covered.Contains(o)).Order(StringComparer.Ordinal).ToArray();
        if (trigger.Definition.OnlyWhenChanged is { } given)
        {
            if (given.Value && beyond.Length > 0) session.Problems.Add(TriggerDiagnostics.ChangesMissed(given.Span, string.Join(", ", beyond)));
            return plan with { OnlyWhenChanged = given.Value, Children = children };
        }

        var decided = beyond.Length == 0;
        if (session.Context.Explain)
        {
            var why = decided ? "all that is read of the source is the record itself, or covered by the trigger" : $"the steps also read {string.Join(", ", beyond)} of the source";
            session.Problems.Add(TriggerDiagnostics.OnlyWhenChanged(trigger.Definition.Kind.Span, decided, why));
        }

        return plan with { OnlyWhenChanged = decided, Children = children };
    }
}
