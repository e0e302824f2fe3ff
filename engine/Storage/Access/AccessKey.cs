namespace WorkflowEngine.Storage;

/// <summary>An API key: belongs to one workspace, has one role.</summary>
public sealed record AccessKey
{
    public required string Workspace { get; init; }

    /// <summary>The public part of the key; unique over all workspaces.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the secret part, which is 256 random bits.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>viewer, operator, author or admin.</summary>
    public required string Role { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>Null = it does not expire.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}
