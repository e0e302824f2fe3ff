namespace WorkflowEngine.Runtime;

/// <summary>Reads of dead letters. Writes go through <see cref="IStoreWriter"/>.</summary>
public interface IDeadLetterStore
{
    /// <summary>Newest first; payload and state are left out (empty).</summary>
    Task<IReadOnlyList<DeadLetter>> ListAsync(DeadLetterFilter filter, CancellationToken cancellationToken);

    /// <summary>One with payload and state, decrypted.</summary>
    Task<DeadLetter?> FindAsync(string workspace, long id, CancellationToken cancellationToken);
}

/// <summary>Which dead letters are wanted.</summary>
public sealed record DeadLetterFilter
{
    public required string Workspace { get; init; }

    public Guid? Deployment { get; init; }

    public DeadLetterState? State { get; init; } = DeadLetterState.Open;

    public string? Key { get; init; }

    public string? Fingerprint { get; init; }

    /// <summary>Only that of this run.</summary>
    public string? Run { get; init; }

    /// <summary>Only ids below this one: the cursor of paging.</summary>
    public long? Before { get; init; }

    public int Limit { get; init; } = 50;
}
