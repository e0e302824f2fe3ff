namespace WorkflowEngine.Runtime;

/// <summary>The one way state changes. One call is one transaction, durable when it returns (SQLite: synchronous FULL).</summary>
public interface IStoreWriter
{
    /// <summary>
    /// Commits the sets together. A set is all or nothing: one whose <see cref="ClaimLinks"/> meets a foreign claim or a linked row changes nothing and tells so,
    /// the others are committed. Throws only when the transaction as a whole failed; then nothing was changed, and the caller splits and repeats.
    /// </summary>
    Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken);

    /// <summary>Does beforehand, on the thread of who hands a set in, what needs no transaction, so that the one writer is not kept from the others by it. May be left out.</summary>
    void Prepare(ChangeSet set)
    {
    }
}

/// <summary>Changes that stand or fall together: of one run, one page of a source, one webhook call.</summary>
public sealed record ChangeSet(IReadOnlyList<StoreChange> Changes)
{
    /// <summary>What <see cref="IStoreWriter.Prepare"/> made of it; the store's own.</summary>
    public object? Prepared { get; set; }
}

/// <summary>What became of a set.</summary>
public sealed record ChangeSetResult
{
    /// <summary>Carried out, and nothing else to tell.</summary>
    public static ChangeSetResult Done { get; } = new();

    /// <summary>For each event of the set's <see cref="AppendEvents"/>, in order: its id, or null when it was dropped as the same event.</summary>
    public IReadOnlyList<long?> EventIds { get; init; } = [];

    /// <summary>Ids of the set's new dead letters, in order.</summary>
    public IReadOnlyList<long> DeadLetterIds { get; init; } = [];

    /// <summary>The links that stood in the way of <see cref="ClaimLinks"/>; not empty = the set changed nothing.</summary>
    public IReadOnlyList<LinkRow> Conflicts { get; init; } = [];

    /// <summary>A lane of the set has another owner; the set changed nothing.</summary>
    public bool Fenced { get; init; }
}
