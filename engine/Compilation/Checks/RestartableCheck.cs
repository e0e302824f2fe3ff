using WorkflowEngine.Compilation.Binding;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>
/// A run that may simply begin anew after a crash: every effect is keyed by a vendor-unique key, nothing depends on whether a record was there before, and
/// nothing is read of an entity that the flow writes. In doubt it may not.
/// </summary>
internal static class RestartableCheck
{
    public static bool Judge(FlowSession session)
    {
        if (session.NeedsCheckpoint) return false;
        var written = session.Writes.Select(w => w.Entity.FullName).ToHashSet(StringComparer.Ordinal);
        return !session.Reads.Any(r => written.Contains(r.Entity.FullName));
    }
}
