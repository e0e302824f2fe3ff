using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>A schedule with <c>after: drained</c> waits for schedules of the template that drain something.</summary>
internal static class DrainCheck
{
    /// <summary>The event whose drains it waits for, by its full name; null = all, or another trigger.</summary>
    public static string? Of(TriggerDefinition trigger, FlowSession session)
    {
        if (trigger is not ScheduleTrigger { After: { } after } schedule) return null;
        var drained = session.Context.Siblings.Append(session.Flow).SelectMany(f => f.Triggers).OfType<ScheduleTrigger>().Where(t => t is { For: not null, After: null }).Select(t => Name(t.For!)).Distinct().ToArray();
        var wanted = schedule.For is { } source ? Name(source) : null;
        if (drained.Length == 0 || (wanted is not null && !drained.Contains(wanted))) session.Problems.Add(TriggerDiagnostics.NothingDrained(after.Span, wanted, drained));
        return wanted;
    }

    private static string Name(EventReference source) => $"{source.Entity.Connection.Value}/{source.Entity.Entity.Value}.{source.Event?.Value}";
}
