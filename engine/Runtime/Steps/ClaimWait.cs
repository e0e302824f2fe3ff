using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>
/// A run waits its turn while others create the same record: who holds a claim gives it up in the end, and often another takes it first. So it is no mistake of the record to wait many times; the bound
/// is only for a mistake of ours.
/// </summary>
internal static class ClaimWait
{
    private const int Most = 500;

    /// <summary>Counts a wait; the failure where it is one too many.</summary>
    public static StepResult? Next(Run run, string entity) =>
        ++run.State.ClaimWaits > Most ? StepResult.Failed(ErrorKind.Conflict, "claimed", $"Another run was creating the same {entity} at {Most} tries in a row.") : null;
}
