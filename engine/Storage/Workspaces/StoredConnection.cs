namespace WorkflowEngine.Storage;

/// <summary>A connection kept by the server. Its text form shows no secret.</summary>
public sealed class StoredConnection
{
    public required string Workspace { get; init; }

    public required string Name { get; init; }

    public required string Connector { get; init; }

    public string? Title { get; init; }

    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Secrets by name. Never logged or answered.</summary>
    public required IReadOnlyDictionary<string, string> Secrets { get; init; }

    /// <summary>Counts the saves, from 1; given by the store.</summary>
    public long Revision { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required string UpdatedBy { get; init; }

    public override string ToString() => $"{Workspace}/{Name} ({Connector})";
}
