using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Reads where sources stand.</summary>
public interface ICursorStore
{
    Task<SourceCursor?> ReadAsync(CursorKey key, CancellationToken cancellationToken);
}

/// <summary>A source: one per realm and feed, shared by deployments; a deployment that begins earlier has one of its own until it has caught up.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Realm">The realm.</param>
/// <param name="Feed">The feed, with its entity: <c>customer/customers</c>.</param>
/// <param name="Scope">Empty = shared; else the deployment's id.</param>
public readonly record struct CursorKey(string Workspace, string Realm, string Feed, string Scope);
