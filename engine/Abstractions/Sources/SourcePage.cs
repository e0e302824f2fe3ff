namespace WorkflowEngine.Abstractions;

/// <summary>A page of hints.</summary>
public sealed record SourcePage
{
    /// <summary>The rows in the vendor's order.</summary>
    public required IReadOnlyList<SourceRow> Rows { get; init; }

    /// <summary>Where to go on; stored in the transaction that stores the rows.</summary>
    public required SourceCursor Cursor { get; init; }

    /// <summary>More rows wait: the next page is asked for at once.</summary>
    public bool HasMore { get; init; }

    /// <summary>The vendor's own pause before the next poll; null = the trigger's <c>every</c>.</summary>
    public TimeSpan? Pause { get; init; }
}

/// <summary>One hint that a record changed.</summary>
public sealed record SourceRow
{
    /// <summary>The id of the record the event is about (for a child's feed: the parent's id).</summary>
    public required string RecordId { get; init; }

    /// <summary>The full record, typed by the catalogue; null = the row is only a hint and the record is read.</summary>
    public IReadOnlyDictionary<string, object?>? Record { get; init; }

    /// <summary>Orders readings of one record: <see cref="RecordVersion.Of(object?)"/> of its <see cref="EntityDescriptor.VersionField"/>; null when unknown.</summary>
    public string? Version { get; init; }

    /// <summary>For a row without record: changes with its content, so that a hint that is given again is known; null = every hint is new.</summary>
    public string? Stamp { get; init; }

    /// <summary>The record is gone.</summary>
    public bool Deleted { get; init; }
}
