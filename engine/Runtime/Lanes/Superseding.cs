using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Which of several waiting changes of one record runs, and whose place it takes.</summary>
internal static class Superseding
{
    /// <summary>The newest of the waiting changes of the same record runs. One that holds the key goes on first: it may have effects. Either takes the place of what is older.</summary>
    public static (ReadyEvent Winner, IReadOnlyList<ReadyEvent> Superseded) Choose(ReadyEvent first, IReadOnlyList<ReadyEvent> waiting)
    {
        var winner = first;
        if (!first.Holds)
        {
            foreach (var candidate in waiting)
            {
                if (SameChange(first, candidate) && IsNewer(candidate, winner)) winner = candidate;
            }
        }

        List<ReadyEvent>? superseded = null;
        foreach (var candidate in waiting)
        {
            if (candidate.Id < winner.Id && SameChange(first, candidate) && !IsNewer(candidate, winner)) (superseded ??= []).Add(candidate);
        }

        return (winner, superseded ?? (IReadOnlyList<ReadyEvent>)[]);
    }

    /// <summary>What was accepted later is newer, unless the vendor's versions say otherwise: a backfill brings old readings late.</summary>
    private static bool IsNewer(ReadyEvent candidate, ReadyEvent than) =>
        candidate.Version is { } version && than.Version is { } other && RecordVersion.Compare(version, other) is var order and not 0 ? order > 0 : candidate.Id > than.Id;

    private static bool SameChange(ReadyEvent a, ReadyEvent b) =>
        a.Kind == EventKind.Change && b.Kind == EventKind.Change && a.Trigger == b.Trigger && a.RecordId == b.RecordId && a.Entity == b.Entity;
}
