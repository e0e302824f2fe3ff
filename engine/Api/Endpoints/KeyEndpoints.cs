using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>API keys of the workspace, and who calls.</summary>
internal static class KeyEndpoints
{
    private const int LongestName = 100;
    private const int UsualDays = 90;
    private const int MostDays = 3_650;
    private const int UsualGrace = 24;
    private const int MostGrace = 24 * 30;

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/me", Role.Viewer, "getMe", "Who calls: workspace, name and role.", Me) { Answer = typeof(MeView) },
        new("GET", "/api/keys", Role.Admin, "listKeys", "API keys of the workspace, without their secrets.", ListAsync) { Answer = typeof(Whole<KeyView>) },
        new("POST", "/api/keys", Role.Admin, "makeKey", "Makes a key; its text is told this once.", MakeAsync) { Answer = typeof(NewKeyView), Status = StatusCodes.Status201Created },
        new("POST", "/api/keys/{id}/rotate", Role.Admin, "rotateKey", "Makes a new key like this one; both hold for a while, so that nobody stands without one.", RotateAsync) { Answer = typeof(NewKeyView), Status = StatusCodes.Status201Created },
        new("DELETE", "/api/keys/{id}", Role.Admin, "revokeKey", "Ends a key at once.", RevokeAsync) { Status = StatusCodes.Status204NoContent },
    ];

    private static IResult Me(Call call) => Results.Json(new MeView(call.Caller.Workspace, call.Caller.Name, Words.Of(call.Caller.Role)));

    private static async Task<IResult> ListAsync(Call call, CancellationToken cancellationToken) => Results.Json(new Whole<KeyView>(
        [.. (await call.Host.Settings.AccessKeys.ListAsync(call.Caller.Workspace, cancellationToken).ConfigureAwait(false)).Select(KeyView.Of)]));

    private static async Task<IResult> MakeAsync(Call call, AccessKeys keys, KeyBody body, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(body.Name) || body.Name.Length > LongestName || body.Name.Any(char.IsControl)) return Problem.Unprocessable($"'name' is 1 to {LongestName} characters without control characters.");
        if (!Words.TryRead<Role>(body.Role ?? "", out var role)) return Problem.Unprocessable($"'role' is one of {Words.All<Role>()}.");
        if (body.ExpiresInDays is { } days && days is < 1 or > MostDays) return Problem.Unprocessable($"'expiresInDays' is a number from 1 to {MostDays}.");
        var (key, text) = await keys.MakeAsync(
            call.Caller.Workspace, body.Name, Words.Of(role), call.Now.AddDays(body.ExpiresInDays ?? UsualDays), call.Caller.Name, cancellationToken).ConfigureAwait(false);
        await call.AuditAsync("key.make", key.Id, null, KeyView.Of(key)).ConfigureAwait(false);
        return New(key, text);
    }

    private static async Task<IResult> RotateAsync(Call call, AccessKeys keys, string id, RotateBody? body, CancellationToken cancellationToken)
    {
        if (body?.GraceHours is { } hours && hours is < 0 or > MostGrace) return Problem.Unprocessable($"'graceHours' is a number from 0 to {MostGrace}.");
        if (await FindAsync(call, id, cancellationToken).ConfigureAwait(false) is not { } old) return NotThere(id);
        if (old.RevokedAt is not null || old.ExpiresAt <= call.Now) return Problem.Conflict($"The key '{old.Name}' has ended; make a new one.");
        var lifetime = old.ExpiresAt is { } end ? end - old.CreatedAt : (TimeSpan?)null;
        var (key, text) = await keys.MakeAsync(call.Caller.Workspace, old.Name, old.Role, lifetime is { } life ? call.Now + life : null, call.Caller.Name, cancellationToken).ConfigureAwait(false);
        await keys.EndAsync(call.Caller.Workspace, id, call.Now.AddHours(body?.GraceHours ?? UsualGrace), revoke: false, CancellationToken.None).ConfigureAwait(false);
        await call.AuditAsync("key.rotate", id, KeyView.Of(old), KeyView.Of(key)).ConfigureAwait(false);
        return New(key, text);
    }

    private static async Task<IResult> RevokeAsync(Call call, AccessKeys keys, string id, CancellationToken cancellationToken)
    {
        if (await FindAsync(call, id, cancellationToken).ConfigureAwait(false) is not { } key) return NotThere(id);
        if (await keys.EndAsync(call.Caller.Workspace, id, call.Now, revoke: true, cancellationToken).ConfigureAwait(false))
        {
            await call.AuditAsync("key.revoke", id, KeyView.Of(key), null).ConfigureAwait(false);
        }

        return Results.NoContent();
    }

    private static async Task<AccessKey?> FindAsync(Call call, string id, CancellationToken cancellationToken) =>
        (await call.Host.Settings.AccessKeys.ListAsync(call.Caller.Workspace, cancellationToken).ConfigureAwait(false)).FirstOrDefault(k => k.Id == id);

    private static IResult New(AccessKey key, string text) => Results.Json(new NewKeyView(key.Id, key.Name, key.Role, key.ExpiresAt, text), statusCode: StatusCodes.Status201Created);

    private static IResult NotThere(string id) => Problem.NotFound($"There is no key '{id}' in this workspace.");
}
