namespace WorkflowEngine.Runtime;

/// <summary>Reads of links. Writes go through <see cref="IStoreWriter"/>.</summary>
public interface ILinkStore
{
    /// <summary>Rows of the keys that have one and have not ended.</summary>
    Task<IReadOnlyList<LinkRow>> FindAsync(IReadOnlyList<LinkKey> keys, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>All links of a record; for merges and repointing.</summary>
    Task<IReadOnlyList<LinkRow>> OfRecordAsync(string workspace, string realm, string entity, string recordId, CancellationToken cancellationToken);
}

/// <summary>A link or a claim.</summary>
/// <param name="Key">Its key.</param>
/// <param name="RecordId">The record; null while claimed.</param>
/// <param name="OwnerRun">The run that claims it; null once linked.</param>
/// <param name="EndsAt">When a claim expires or a link ends; null = it stays.</param>
public sealed record LinkRow(LinkKey Key, string? RecordId, string? OwnerRun, DateTimeOffset? EndsAt);
