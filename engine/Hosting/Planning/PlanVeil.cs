using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>Marks what a plan must not show, as the journal of the real run would hide it.</summary>
internal static class PlanVeil
{
    /// <param name="write">The write.</param>
    /// <param name="realm">Its org or tenant.</param>
    /// <param name="flow">The flow, which knows where each line's value comes from.</param>
    /// <param name="texts">Values of sensitive fields that the run met.</param>
    public static PlannedEffect Over(PlannedWrite write, string realm, CompiledFlow flow, HashSet<string> texts)
    {
        var lines = flow.Instructions.OfType<WriteInstruction>().Where(w => w.Entity.Name == write.Entity && (write.Step is null || w.Step.Name == write.Step)).ToList();
        return new PlannedEffect(
            write.Step, write.Verb, realm, write.Entity, write.Record,
            [.. write.Fields.Select(f => f with { Hidden = Hides(f.Name) || Holds(f.Before) || Holds(f.After) })],
            write.Merge is { } merge ? merge with { Because = (string?)Redaction.Without(merge.Because, texts), Kept = [.. merge.Kept.Select(Shown)] } : null);

        bool Hides(string field) => lines.Any(l => HiddenValues.Hides(l, field));

        bool Holds(object? value) => value is not null && texts.Count > 0 && Redaction.Without(value, texts) is Redaction.Hidden;

        PlannedSurvivor Shown(PlannedSurvivor kept) => kept with { Value = Veiled(kept.Field, kept.Value), Lost = [.. kept.Lost.Select(l => l with { Value = Veiled(kept.Field, l.Value) })] };

        object? Veiled(string field, object? value) => value is null ? null : Hides(field) ? Redaction.Hidden : Redaction.Without(value, texts);
    }
}
