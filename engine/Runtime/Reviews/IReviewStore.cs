namespace WorkflowEngine.Runtime;

/// <summary>Reads of reviews. Writes go through <see cref="IStoreWriter"/>.</summary>
public interface IReviewStore
{
    /// <summary>Newest first; the content is left out (empty).</summary>
    Task<IReadOnlyList<Review>> ListAsync(ReviewFilter filter, CancellationToken cancellationToken);

    /// <summary>One with its content, decrypted.</summary>
    Task<Review?> FindAsync(string workspace, string id, CancellationToken cancellationToken);
}

/// <summary>Which reviews are wanted.</summary>
public sealed record ReviewFilter
{
    public required string Workspace { get; init; }

    public Guid? Deployment { get; init; }

    /// <summary>True = only those not decided; false = only decided ones; null = all.</summary>
    public bool? Open { get; init; } = true;

    /// <summary>Only ids before this one: the cursor of paging.</summary>
    public string? Before { get; init; }

    public int Limit { get; init; } = 50;
}
