namespace WorkflowEngine.Runtime;

/// <summary>One source: a feed of a realm. Deployments that begin at their deployment share it; one that begins elsewhere has its own.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Realm">The realm.</param>
/// <param name="Entity">The entity whose events the feed hints at.</param>
/// <param name="Feed">The feed.</param>
/// <param name="Scope">Empty = shared; else the deployment's id.</param>
public readonly record struct SourceKey(string Workspace, string Realm, string Entity, string Feed, string Scope)
{
    public CursorKey Cursor => new(Workspace, Realm, $"{Entity}/{Feed}", Scope);

    public override string ToString() => $"{Realm} {Entity}/{Feed}";
}
