using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Triggers;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>A filter on a value that changes and is written by an upsert needs <c>sticky</c>, or an explicit word against it.</summary>
internal static class StickyCheck
{
    public static void Check(FlowSession session, IEnumerable<BoundTrigger> triggers)
    {
        if (!session.Writes.Any(w => w.Step is UpsertStep or UpdateStep or SyncStep)) return;
        foreach (var trigger in triggers)
        {
            if (trigger.Entity is not { } entity || trigger.Definition is not { Filter: { } filter, Sticky: null }) continue;
            var written = session.WrittenInput.SelectMany(i => Sources(trigger, i)).ToHashSet(StringComparer.Ordinal);
            // Ids do not change, nor does what they are compared with.
            var field = trigger.FilterReads.FirstOrDefault(f => written.Contains(f) && entity.Descriptor.Field(f) is { Type.Kind: not FieldKind.Id } && f != entity.Descriptor.IdField);
            if (field is not null) session.Problems.Add(TriggerDiagnostics.StickyMissing(filter.Expression?.Span ?? filter.Span, field));
        }
    }

    private static IEnumerable<string> Sources(BoundTrigger trigger, string input) =>
        trigger.WithReads is null ? [input] : trigger.WithReads.GetValueOrDefault(input) ?? Enumerable.Empty<string>();
}
