using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using WorkflowEngine.Hosting;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>Tokens of inbound calls: told once, kept as hashes. Two hold at once while one takes the place of the other.</summary>
internal static class HookTokenEndpoints
{
    private const int MostTokens = 10;
    private const int MostDays = 3_650;

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/hook-tokens", Role.Admin, "listHookTokens", "Tokens of inbound calls, without the tokens.", ListAsync) { Answer = typeof(Whole<HookTokenView>) },
        new("POST", "/api/deployments/{name}/hook-tokens", Role.Admin, "makeHookToken", "Makes a token of inbound calls; it is told this once.", MakeAsync) { Answer = typeof(NewHookTokenView), Status = StatusCodes.Status201Created },
        new("DELETE", "/api/hook-tokens/{id:guid}", Role.Admin, "deleteHookToken", "Ends a token at once.", DeleteAsync) { Status = StatusCodes.Status204NoContent },
    ];

    private static async Task<IResult> ListAsync(Call call, CancellationToken cancellationToken) => Results.Json(new Whole<HookTokenView>(
        [.. (await call.Host.Settings.HookTokens.ReadAsync(call.Caller.Workspace, cancellationToken).ConfigureAwait(false)).Select(View)]));

    private static async Task<IResult> MakeAsync(Call call, Deployer deployer, string name, HookTokenBody? body, string? flow, CancellationToken cancellationToken)
    {
        if (body?.ExpiresInDays is { } days && days is < 1 or > MostDays) return Problem.Unprocessable($"'expiresInDays' is a number from 1 to {MostDays}.");
        var deployment = flow is null ? name : $"{name}/{flow}";
        if (deployer.FlowsOf(call.Workspace, deployment).Count == 0) return Problem.NotFound($"There is no deployment '{deployment}'.");
        var all = await call.Host.Settings.HookTokens.ReadAsync(call.Caller.Workspace, cancellationToken).ConfigureAwait(false);
        if (all.Count(t => t.Deployment == deployment) >= MostTokens) return Problem.Conflict($"'{deployment}' has {MostTokens} tokens; delete one first.");
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var made = new HookToken(
            call.Caller.Workspace, deployment, Guid.NewGuid(), HookBook.Hash(token), call.Now, call.Caller.Name, body?.ExpiresInDays is { } d ? call.Now.AddDays(d) : null);
        await call.Host.Settings.HookTokens.AddAsync(made, cancellationToken).ConfigureAwait(false);
        call.Host.Hooks.Add(made);
        await call.AuditAsync("hook-token.make", deployment, null, View(made)).ConfigureAwait(false);
        return Results.Json(new NewHookTokenView(made.Id, token, $"/hooks/{deployment}/{token}", made.ExpiresAt), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> DeleteAsync(Call call, Guid id, CancellationToken cancellationToken)
    {
        var all = await call.Host.Settings.HookTokens.ReadAsync(call.Caller.Workspace, cancellationToken).ConfigureAwait(false);
        if (all.FirstOrDefault(t => t.Id == id) is not { } token) return Problem.NotFound($"There is no token {id}.");
        await call.Host.Settings.HookTokens.DeleteAsync(call.Caller.Workspace, id, cancellationToken).ConfigureAwait(false);
        call.Host.Hooks.Remove(call.Caller.Workspace, token.Deployment, id);
        await call.AuditAsync("hook-token.delete", token.Deployment, View(token), null).ConfigureAwait(false);
        return Results.NoContent();
    }

    private static HookTokenView View(HookToken t) => new(t.Id, t.Deployment, t.CreatedAt, t.CreatedBy, t.ExpiresAt);
}
