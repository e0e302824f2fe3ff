namespace WorkflowEngine.Abstractions;

/// <summary>What a connection file says, secrets resolved. Its text form shows no secret.</summary>
public sealed class ConnectionSettings
{
    /// <summary>The connection's name in its workspace.</summary>
    public required string Name { get; init; }

    /// <summary>The connector's name.</summary>
    public required string Connector { get; init; }

    /// <summary>Settings by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Secrets by name; never logged or returned.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Connector})";
}
