namespace WorkflowEngine.Runtime;

/// <summary>Reads of incidents.</summary>
public interface IIncidentStore
{
    Task<IReadOnlyList<Incident>> ListAsync(string workspace, bool openOnly, CancellationToken cancellationToken);
}

/// <summary>Equal failures as one thing.</summary>
public sealed record Incident
{
    /// <summary>Later openings have higher numbers.</summary>
    public long Id { get; init; }

    public required string Workspace { get; init; }

    public Guid? Deployment { get; init; }

    public required string Fingerprint { get; init; }

    public required string Message { get; init; }

    public required long Count { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>Null while it is open.</summary>
    public DateTimeOffset? RecoveredAt { get; init; }
}
