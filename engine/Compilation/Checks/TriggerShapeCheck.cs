using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>The properties of a trigger go with its kind.</summary>
internal static class TriggerShapeCheck
{
    public static void Check(TriggerDefinition trigger, bool hasRecord, DiagnosticBag problems)
    {
        if (trigger.Sticky is { Value: true } sticky && trigger.Filter is null) problems.Add(TriggerDiagnostics.StickyWithoutFilter(sticky.Span));
        if (hasRecord) return;
        Unfit(trigger.LatestOnly?.Span, "latestOnly");
        Unfit(trigger.OnlyWhenChanged?.Span, "onlyWhenChanged");
        if (trigger is not ScheduleTrigger) Unfit(trigger.Every?.Span, "every");

        void Unfit(SourceSpan? span, string property)
        {
            if (span is { } at) problems.Add(TriggerDiagnostics.UnfitProperty(at, property, trigger.Kind.Value));
        }
    }
}
