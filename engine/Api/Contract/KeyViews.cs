using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>What a key is to be.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Role">viewer, operator, author or admin.</param>
/// <param name="ExpiresInDays">1 to 3650; null = 90.</param>
public sealed record KeyBody(string? Name, string? Role, int? ExpiresInDays);

/// <summary>How long the old key goes on beside the new one, in hours; null = 24.</summary>
public sealed record RotateBody(int? GraceHours);

/// <summary>An API key without its secret.</summary>
public sealed record KeyView(string Id, string Name, string Role, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt)
{
    internal static KeyView Of(AccessKey k) => new(k.Id, k.Name, k.Role, k.CreatedAt, k.CreatedBy, k.ExpiresAt, k.RevokedAt);
}

/// <summary>A new key; its text is told this once.</summary>
public sealed record NewKeyView(string Id, string Name, string Role, DateTimeOffset? ExpiresAt, string Key);

/// <summary>Who calls.</summary>
public sealed record MeView(string Workspace, string Name, string Role);
