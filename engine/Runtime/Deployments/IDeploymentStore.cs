namespace WorkflowEngine.Runtime;

/// <summary>Deployments and the flow versions they run.</summary>
public interface IDeploymentStore
{
    Task<IReadOnlyList<DeploymentRecord>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>Inserts or replaces by (workspace, name). One row swap: activation is atomic.</summary>
    Task SaveAsync(DeploymentRecord deployment, CancellationToken cancellationToken);

    /// <summary>Keeps a version's sources; the same hash twice is once.</summary>
    Task SaveFlowVersionAsync(FlowVersionRecord version, CancellationToken cancellationToken);

    Task<FlowVersionRecord?> ReadFlowVersionAsync(string workspace, string hash, CancellationToken cancellationToken);
}

/// <summary>A deployment as stored.</summary>
public sealed record DeploymentRecord
{
    public required string Workspace { get; init; }

    public required Guid Id { get; init; }

    /// <summary>Unique in the workspace; <c>name/flow</c> for a template of several flows.</summary>
    public required string Name { get; init; }

    public required string FlowId { get; init; }

    /// <summary>Hash of the active flow version.</summary>
    public required string FlowHash { get; init; }

    public required DeploymentState State { get; init; }

    /// <summary>Why it is paused; null when it is not.</summary>
    public string? PausedBecause { get; init; }

    /// <summary>Counts what was told about the state, also when it ends as it was; counted by the store, not taken from who saves.</summary>
    public long StateRevision { get; init; }

    /// <summary>Realms it was bound to, by logical connection: another realm starts with empty memory.</summary>
    public required IReadOnlyDictionary<string, string> Realms { get; init; }

    /// <summary>Connections, parameters, tables, since: JSON owned by the host.</summary>
    public required string Bindings { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a deployment does with events.</summary>
public enum DeploymentState
{
    Active = 0,
    Paused = 1,
    Draining = 2,
}

/// <summary>The sources of one compiled flow version.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Hash">The compiled flow's hash.</param>
/// <param name="FlowId">The flow.</param>
/// <param name="Sources">File name and text of all files the version was compiled from, as JSON.</param>
/// <param name="CreatedAt">When it was first stored.</param>
public sealed record FlowVersionRecord(string Workspace, string Hash, string FlowId, string Sources, DateTimeOffset CreatedAt);
