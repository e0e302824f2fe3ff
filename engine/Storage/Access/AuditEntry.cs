namespace WorkflowEngine.Storage;

/// <summary>One change: who, what, when, before, after. Holds no secret.</summary>
public sealed record AuditEntry
{
    /// <summary>Given by the store, rising.</summary>
    public long Id { get; init; }

    public required string Workspace { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>A key's name, a person's name from the token, or <c>local</c>.</summary>
    public required string Actor { get; init; }

    /// <summary><c>deployment.put</c>, <c>connection.put</c>, <c>dead-letter.discard</c>, …</summary>
    public required string Action { get; init; }

    /// <summary>What was changed: its name.</summary>
    public required string Target { get; init; }

    /// <summary>As JSON; null = it did not exist.</summary>
    public string? Before { get; init; }

    /// <summary>As JSON; null = it does not exist any more.</summary>
    public string? After { get; init; }

    public required string RequestId { get; init; }
}
