namespace WorkflowEngine.Storage;

/// <summary>A token of inbound calls. Several may hold at once, so that one is rotated without a gap.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Deployment">The deployment's name.</param>
/// <param name="Id">Names the token without telling it.</param>
/// <param name="Hash">SHA-256 of the token.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">By whom.</param>
/// <param name="ExpiresAt">Null = it holds until it is deleted.</param>
public sealed record HookToken(string Workspace, string Deployment, Guid Id, byte[] Hash, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt);
