namespace WorkflowEngine.Runtime;

/// <summary>What became of a wish to begin or end a backfill.</summary>
/// <param name="Backfill">The backfill; null when there is none.</param>
/// <param name="Problem">Why not; null = it was done.</param>
public sealed record BackfillAnswer(Backfill? Backfill, string? Problem);

/// <summary>What a backfill is to do.</summary>
public sealed record BackfillOrder
{
    /// <summary>Of a deployment with several triggers that read records: which; null = the first.</summary>
    public string? Trigger { get; init; }

    /// <summary>Null = by feed, or by list where records are named.</summary>
    public BackfillBy? By { get; init; }

    /// <summary>Only what changed since then; null = everything.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>For a list.</summary>
    public IReadOnlyList<string> Records { get; init; } = [];
}

/// <summary>How a backfill gets on.</summary>
/// <param name="Backfill">Where it stands.</param>
/// <param name="Waiting">Its events that have not run yet.</param>
/// <param name="Eta">When it is likely to be done; null = not known (yet).</param>
public sealed record BackfillProgress(Backfill Backfill, long Waiting, DateTimeOffset? Eta);
