using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary><c>onDeleted</c>: the vendor shows what was deleted, and the first rule is the key of the record.</summary>
internal static class DeletedCheck
{
    public static PlanDeleted Of(UpsertStep step, EntityModel entity, IReadOnlyList<BoundLine> set, DiagnosticBag problems)
    {
        if (step.OnDeleted is not { } word) return PlanDeleted.Create;
        var keyed = step.Match.Count > 0 && step.Match[0].Terms.All(t => t.Value is null && set.Any(l => l.Line.Name.Value == t.Path.Value));
        if (!entity.Descriptor.Restorable) problems.Add(MatchDiagnostics.NotRestorable(word.Span, entity.FullName, [.. entity.Connection.Connector.Entities.Where(e => e.Restorable).Select(e => e.Name)]));
        else if (!keyed) problems.Add(MatchDiagnostics.NoKeyOfDeleted(word.Span));
        return word.Value switch
        {
            OnDeleted.Restore => PlanDeleted.Restore,
            OnDeleted.Skip => PlanDeleted.Skip,
            OnDeleted.Fail => PlanDeleted.Fail,
            _ => PlanDeleted.Create,
        };
    }
}
