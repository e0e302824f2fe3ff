namespace WorkflowEngine.Runtime;

/// <summary>One remote write; tells who wrote a record and which fields.</summary>
public sealed record EffectRow
{
    public required string Workspace { get; init; }

    public required string Realm { get; init; }

    public required string Entity { get; init; }

    public required string RecordId { get; init; }

    public required string RunId { get; init; }

    public required string Step { get; init; }

    /// <summary>created, updated, deleted, called.</summary>
    public required string Verb { get; init; }

    public required IReadOnlyList<string> Fields { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Where a run stands in its journal block.</summary>
public sealed record JournalEntry(string RunId, int Offset, int Length);
