namespace WorkflowEngine.Runtime;

/// <summary>How a backfill finds its records.</summary>
public enum BackfillBy
{
    /// <summary>The trigger's own feed, from a time on.</summary>
    Feed = 0,

    /// <summary>A query of the vendor, in the order of ids.</summary>
    Query = 1,

    /// <summary>Records named one by one.</summary>
    List = 2,
}

/// <summary>How far a backfill is.</summary>
public enum BackfillState
{
    /// <summary>Records are being read and accepted.</summary>
    Reading = 0,

    /// <summary>All are accepted; some have not run yet.</summary>
    Running = 1,

    /// <summary>All have run.</summary>
    Done = 2,

    /// <summary>A person ended it.</summary>
    Cancelled = 3,

    /// <summary>The vendor refused it for good.</summary>
    Failed = 4,
}

/// <summary>
/// Records of a deployment's source that are handed in beside live events: the same inbox, lanes and keys, at low priority. Where it stands is stored with each page, so that a crash costs at most
/// one page, and what comes twice is known.
/// </summary>
public sealed record Backfill
{
    public required string Id { get; init; }

    public required DeploymentRef Deployment { get; init; }

    /// <summary>The trigger whose events it makes.</summary>
    public required string Trigger { get; init; }

    public required string Entity { get; init; }

    public required BackfillBy By { get; init; }

    /// <summary>For a feed: which.</summary>
    public string? Feed { get; init; }

    /// <summary>Only what changed since then; null = everything.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>For a list: the ids.</summary>
    public IReadOnlyList<string> Records { get; init; } = [];

    /// <summary>For a feed its token, for a query the last id, for a list how many were taken.</summary>
    public string? Token { get; init; }

    /// <summary>Up to which time of the vendor rows are known.</summary>
    public DateTimeOffset? HighWater { get; init; }

    public BackfillState State { get; init; }

    /// <summary>How many records there are, where the vendor can say.</summary>
    public long? Total { get; init; }

    /// <summary>Rows read so far.</summary>
    public long Read { get; init; }

    /// <summary>Events accepted so far; what was known already is not accepted again.</summary>
    public long Accepted { get; init; }

    /// <summary>Why it does not go on now, or has failed.</summary>
    public string? Problem { get; init; }

    public required string StartedBy { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public bool IsOpen => State is BackfillState.Reading or BackfillState.Running;
}
