namespace WorkflowEngine.Runtime;

/// <summary>Which of several waiting changes of one record runs, and whose place it takes.</summary>
internal static class Superseding
{
    /// <summary>The newest of the waiting changes of the same record runs. A run that was parked goes on first: it may have effects.</summary>
    public static (ReadyEvent Winner, IReadOnlyList<ReadyEvent> Superseded) Choose(ReadyEvent oldest, IReadOnlyList<ReadyEvent> waiting)
    {
        var winner = oldest;
        foreach (var candidate in waiting)
        {
            if (!SameChange(oldest, candidate)) continue;
            if (candidate.Id > winner.Id) winner = candidate;
            if (candidate.Attempt == 0) continue;
            winner = candidate;
            break;
        }

        List<ReadyEvent>? superseded = null;
        foreach (var candidate in waiting)
        {
            if (candidate.Id < winner.Id && SameChange(oldest, candidate)) (superseded ??= []).Add(candidate);
        }

        return (winner, superseded ?? (IReadOnlyList<ReadyEvent>)[]);
    }

    private static bool SameChange(ReadyEvent a, ReadyEvent b) =>
        a.Kind == EventKind.Change && b.Kind == EventKind.Change && a.Trigger == b.Trigger && a.RecordId == b.RecordId && a.Entity == b.Entity;
}
